/** What scopes allow, in German. */
export const de = {
  'See your username and picture.': 'Ihren Benutzernamen und Ihr Bild sehen.',
  'See your email address.': 'Ihre E-Mail-Adresse sehen.',
  'See which servers you are in.': 'Sehen, auf welchen Servern Sie sind.',
  'See your nickname and roles in these servers.':
    'Ihren Spitznamen und Ihre Rollen auf diesen Servern sehen.',
  'Join servers for you.': 'Für Sie Servern beitreten.',
  'See your name and email address.': 'Ihren Namen und Ihre E-Mail-Adresse sehen.',
  'See the names of your files and folders.': 'Die Namen Ihrer Dateien und Ordner sehen.',
  'Read and download your files.': 'Ihre Dateien lesen und herunterladen.',
  'Add, change and delete your files.': 'Ihre Dateien hinzufügen, ändern und löschen.',
  'See your profile.': 'Ihr Profil sehen.',
  'See your email addresses.': 'Ihre E-Mail-Adressen sehen.',
  'See the organizations and teams you belong to.':
    'Die Organisationen und Teams sehen, denen Sie angehören.',
  'Read and change all your repositories, public and private, with their issues and pull requests.':
    'Alle Ihre Repositorys lesen und ändern, öffentliche und private, mit ihren Issues und Pull Requests.',
  'See your profile and email address.': 'Ihr Profil und Ihre E-Mail-Adresse sehen.',
  'See your projects and groups with their issues and merge requests.':
    'Ihre Projekte und Gruppen mit ihren Issues und Merge Requests sehen.',
  'Read the code of your projects, also the private ones.':
    'Den Code Ihrer Projekte lesen, auch der privaten.',
  'See and change all that you can in GitLab, projects, issues, merge requests and code.':
    'In GitLab alles sehen und ändern, was Sie können: Projekte, Issues, Merge Requests und Code.',
  'Know which Google account this is.': 'Wissen, welches Google-Konto dies ist.',
  'Read your emails, attachments and labels.': 'Ihre E-Mails, Anhänge und Labels lesen.',
  'Read, write, send and sort your emails, and move them to the trash, but never delete them for good.':
    'Ihre E-Mails lesen, schreiben, senden, ordnen und in den Papierkorb legen, aber nie endgültig löschen.',
  'See your calendars and the events in them.': 'Ihre Kalender und deren Termine sehen.',
  'Add, change and delete events in your calendars.':
    'Termine in Ihren Kalendern hinzufügen, ändern und löschen.',
  'See and download all the files in your Google Drive.':
    'Alle Dateien in Ihrem Google Drive sehen und herunterladen.',
  'See, add, change, share and delete all the files in your Google Drive.':
    'Alle Dateien in Ihrem Google Drive sehen, hinzufügen, ändern, teilen und löschen.',
  'Stay connected to your HubSpot account.': 'Mit Ihrem HubSpot-Konto verbunden bleiben.',
  'See your contacts.': 'Ihre Kontakte sehen.',
  'See your companies.': 'Ihre Unternehmen sehen.',
  'See your deals.': 'Ihre Deals sehen.',
  'Add, change and delete contacts.': 'Kontakte hinzufügen, ändern und löschen.',
  'Add, change and delete companies.': 'Unternehmen hinzufügen, ändern und löschen.',
  'Add, change and delete deals.': 'Deals hinzufügen, ändern und löschen.',
  'Keep this access when you are away, until you end it.':
    'Diesen Zugriff behalten, wenn Sie fort sind, bis Sie ihn beenden.',
  'See your projects and issues with their comments and files.':
    'Ihre Projekte und Vorgänge mit ihren Kommentaren und Dateien sehen.',
  'See the people in your Jira.': 'Die Personen in Ihrem Jira sehen.',
  'Add and change issues, comments and time spent as you.':
    'In Ihrem Namen Vorgänge, Kommentare und Arbeitszeiten hinzufügen und ändern.',
  'See the issues, projects and teams that you can see.':
    'Die Issues, Projekte und Teams sehen, die Sie sehen können.',
  'Add, change and delete issues, comments and projects as you.':
    'In Ihrem Namen Issues, Kommentare und Projekte hinzufügen, ändern und löschen.',
  'Read the pages and databases that you choose.': 'Die Seiten und Datenbanken lesen, die Sie auswählen.',
  'Add pages and text below the pages that you choose.':
    'Unter den ausgewählten Seiten Seiten und Text hinzufügen.',
  'Change the pages and databases that you choose.': 'Die Seiten und Datenbanken ändern, die Sie auswählen.',
  'Read your emails and their attachments.': 'Ihre E-Mails und deren Anhänge lesen.',
  'Read, write, move and delete your emails.': 'Ihre E-Mails lesen, schreiben, verschieben und löschen.',
  'Send emails as you.': 'In Ihrem Namen E-Mails senden.',
  'See your own user settings and the currencies of your company.':
    'Ihre eigenen Benutzereinstellungen und die Währungen Ihres Unternehmens sehen.',
  'See your deals with their notes, files, pipelines and stages.':
    'Ihre Deals mit Notizen, Dateien, Pipelines und Phasen sehen.',
  'See the people and organizations in your contacts.':
    'Die Personen und Organisationen in Ihren Kontakten sehen.',
  'See your activities, such as calls, meetings and tasks.':
    'Ihre Aktivitäten wie Anrufe, Besprechungen und Aufgaben sehen.',
  'See, add, change and delete your deals with their notes and files.':
    'Ihre Deals mit Notizen und Dateien sehen, hinzufügen, ändern und löschen.',
  'See, add, change and delete the people and organizations in your contacts.':
    'Die Personen und Organisationen in Ihren Kontakten sehen, hinzufügen, ändern und löschen.',
  'See, add, change and delete your activities.': 'Ihre Aktivitäten sehen, hinzufügen, ändern und löschen.',
  'Know which Intuit user you are.': 'Wissen, welche Person Sie bei Intuit sind.',
  'See your name.': 'Ihren Namen sehen.',
  'See and change the books of the company that you choose.':
    'Die Bücher des ausgewählten Unternehmens sehen und ändern.',
  'Know which Salesforce user you are.': 'Wissen, welche Person Sie bei Salesforce sind.',
  'See and change whatever you can see and change in Salesforce.':
    'Alles sehen und ändern, was Sie in Salesforce sehen und ändern können.',
  'See the products of your shop.': 'Die Produkte Ihres Shops sehen.',
  'See the orders of the last 60 days.': 'Die Bestellungen der letzten 60 Tage sehen.',
  'See your customers.': 'Ihre Kunden sehen.',
  'See, add, change and delete the products of your shop.':
    'Die Produkte Ihres Shops sehen, hinzufügen, ändern und löschen.',
  'See and change the orders of the last 60 days.': 'Die Bestellungen der letzten 60 Tage sehen und ändern.',
  'See, add, change and delete your customers.': 'Ihre Kunden sehen, hinzufügen, ändern und löschen.',
  'See the public channels of your workspace.': 'Die öffentlichen Channels Ihres Workspace sehen.',
  'Read messages in the public channels you are in.':
    'Nachrichten in den öffentlichen Channels lesen, in denen Sie sind.',
  'See the people in your workspace.': 'Die Personen in Ihrem Workspace sehen.',
  'Search the messages and files that you can see.':
    'Die Nachrichten und Dateien durchsuchen, die Sie sehen können.',
  'Send messages as you.': 'In Ihrem Namen Nachrichten senden.',
  'See your payments, customers and balance.': 'Ihre Zahlungen, Kunden und Ihr Guthaben sehen.',
  'See your payments, customers and balance, and take payments and give refunds for you.':
    'Ihre Zahlungen, Kunden und Ihr Guthaben sehen und für Sie Zahlungen annehmen und erstatten.',
  'Know which Xero user you are.': 'Wissen, welche Person Sie bei Xero sind.',
  'See your invoices, bills, quotes and orders.': 'Ihre Rechnungen, Belege, Angebote und Bestellungen sehen.',
  'See your customers and suppliers.': 'Ihre Kunden und Lieferanten sehen.',
  'See your accounts, tax rates and organisation settings.':
    'Ihre Konten, Steuersätze und Organisationseinstellungen sehen.',
  'See, add and change your invoices, bills, quotes and orders.':
    'Ihre Rechnungen, Belege, Angebote und Bestellungen sehen, hinzufügen und ändern.',
  'See, add and change your customers and suppliers.':
    'Ihre Kunden und Lieferanten sehen, hinzufügen und ändern.',
  'See the list of your meetings.': 'Die Liste Ihrer Meetings sehen.',
  'See the details of your meetings.': 'Die Einzelheiten Ihrer Meetings sehen.',
  'Schedule meetings as you.': 'In Ihrem Namen Meetings planen.',
  'Change your meetings.': 'Ihre Meetings ändern.',
  'Delete your meetings.': 'Ihre Meetings löschen.',
}
