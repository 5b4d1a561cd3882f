import type { Sentences } from './sentences.ts'

/** What scopes allow, in French. */
export const fr: Sentences = {
  'See your username and picture.': 'Voir votre nom d’utilisateur et votre photo.',
  'See your email address.': 'Voir votre adresse e-mail.',
  'See which servers you are in.': 'Voir sur quels serveurs vous êtes.',
  'See your nickname and roles in these servers.': 'Voir votre pseudo et vos rôles sur ces serveurs.',
  'Join servers for you.': 'Rejoindre des serveurs pour vous.',
  'See your name and email address.': 'Voir votre nom et votre adresse e-mail.',
  'See the names of your files and folders.': 'Voir les noms de vos fichiers et dossiers.',
  'Read and download your files.': 'Lire et télécharger vos fichiers.',
  'Add, change and delete your files.': 'Ajouter, modifier et supprimer vos fichiers.',
  'See your profile.': 'Voir votre profil.',
  'See your email addresses.': 'Voir vos adresses e-mail.',
  'See the organizations and teams you belong to.':
    'Voir les organisations et équipes dont vous faites partie.',
  'Read and change all your repositories, public and private, with their issues and pull requests.':
    'Lire et modifier tous vos dépôts, publics et privés, avec leurs tickets et pull requests.',
  'See your profile and email address.': 'Voir votre profil et votre adresse e-mail.',
  'See your projects and groups with their issues and merge requests.':
    'Voir vos projets et groupes avec leurs tickets et demandes de fusion.',
  'Read the code of your projects, also the private ones.': 'Lire le code de vos projets, y compris privés.',
  'See and change all that you can in GitLab, projects, issues, merge requests and code.':
    'Voir et modifier tout ce que vous pouvez dans GitLab : projets, tickets, demandes de fusion et code.',
  'Know which Google account this is.': 'Savoir de quel compte Google il s’agit.',
  'Read your emails, attachments and labels.': 'Lire vos e-mails, pièces jointes et libellés.',
  'Read, write, send and sort your emails, and move them to the trash, but never delete them for good.':
    'Lire, écrire, envoyer et classer vos e-mails, et les mettre à la corbeille, mais jamais les supprimer définitivement.',
  'See your calendars and the events in them.': 'Voir vos agendas et leurs événements.',
  'Add, change and delete events in your calendars.':
    'Ajouter, modifier et supprimer des événements dans vos agendas.',
  'See and download all the files in your Google Drive.':
    'Voir et télécharger tous les fichiers de votre Google Drive.',
  'See, add, change, share and delete all the files in your Google Drive.':
    'Voir, ajouter, modifier, partager et supprimer tous les fichiers de votre Google Drive.',
  'Stay connected to your HubSpot account.': 'Rester connecté à votre compte HubSpot.',
  'See your contacts.': 'Voir vos contacts.',
  'See your companies.': 'Voir vos entreprises.',
  'See your deals.': 'Voir vos transactions.',
  'Add, change and delete contacts.': 'Ajouter, modifier et supprimer des contacts.',
  'Add, change and delete companies.': 'Ajouter, modifier et supprimer des entreprises.',
  'Add, change and delete deals.': 'Ajouter, modifier et supprimer des transactions.',
  'Keep this access when you are away, until you end it.':
    'Conserver cet accès en votre absence, jusqu’à ce que vous y mettiez fin.',
  'See your projects and issues with their comments and files.':
    'Voir vos projets et tickets avec leurs commentaires et fichiers.',
  'See the people in your Jira.': 'Voir les personnes de votre Jira.',
  'Add and change issues, comments and time spent as you.':
    'Ajouter et modifier en votre nom des tickets, des commentaires et du temps passé.',
  'See the issues, projects and teams that you can see.':
    'Voir les tickets, projets et équipes que vous pouvez voir.',
  'Add, change and delete issues, comments and projects as you.':
    'Ajouter, modifier et supprimer en votre nom des tickets, des commentaires et des projets.',
  'Read the pages and databases that you choose.': 'Lire les pages et bases de données que vous choisissez.',
  'Add pages and text below the pages that you choose.':
    'Ajouter des pages et du texte sous les pages que vous choisissez.',
  'Change the pages and databases that you choose.':
    'Modifier les pages et bases de données que vous choisissez.',
  'Read your emails and their attachments.': 'Lire vos e-mails et leurs pièces jointes.',
  'Read, write, move and delete your emails.': 'Lire, écrire, déplacer et supprimer vos e-mails.',
  'Send emails as you.': 'Envoyer des e-mails en votre nom.',
  'See your own user settings and the currencies of your company.':
    'Voir vos propres paramètres et les devises de votre entreprise.',
  'See your deals with their notes, files, pipelines and stages.':
    'Voir vos affaires avec leurs notes, fichiers, pipelines et étapes.',
  'See the people and organizations in your contacts.':
    'Voir les personnes et organisations de vos contacts.',
  'See your activities, such as calls, meetings and tasks.':
    'Voir vos activités, comme les appels, réunions et tâches.',
  'See, add, change and delete your deals with their notes and files.':
    'Voir, ajouter, modifier et supprimer vos affaires avec leurs notes et fichiers.',
  'See, add, change and delete the people and organizations in your contacts.':
    'Voir, ajouter, modifier et supprimer les personnes et organisations de vos contacts.',
  'See, add, change and delete your activities.': 'Voir, ajouter, modifier et supprimer vos activités.',
  'Know which Intuit user you are.': 'Savoir quel utilisateur Intuit vous êtes.',
  'See your name.': 'Voir votre nom.',
  'See and change the books of the company that you choose.':
    'Voir et modifier la comptabilité de l’entreprise que vous choisissez.',
  'Know which Salesforce user you are.': 'Savoir quel utilisateur Salesforce vous êtes.',
  'See and change whatever you can see and change in Salesforce.':
    'Voir et modifier tout ce que vous pouvez voir et modifier dans Salesforce.',
  'See the products of your shop.': 'Voir les produits de votre boutique.',
  'See the orders of the last 60 days.': 'Voir les commandes des 60 derniers jours.',
  'See your customers.': 'Voir vos clients.',
  'See, add, change and delete the products of your shop.':
    'Voir, ajouter, modifier et supprimer les produits de votre boutique.',
  'See and change the orders of the last 60 days.': 'Voir et modifier les commandes des 60 derniers jours.',
  'See, add, change and delete your customers.': 'Voir, ajouter, modifier et supprimer vos clients.',
  'See the public channels of your workspace.': 'Voir les canaux publics de votre espace de travail.',
  'Read messages in the public channels you are in.':
    'Lire les messages des canaux publics dont vous êtes membre.',
  'See the people in your workspace.': 'Voir les personnes de votre espace de travail.',
  'Search the messages and files that you can see.':
    'Rechercher dans les messages et fichiers que vous pouvez voir.',
  'Send messages as you.': 'Envoyer des messages en votre nom.',
  'See your payments, customers and balance.': 'Voir vos paiements, vos clients et votre solde.',
  'See your payments, customers and balance, and take payments and give refunds for you.':
    'Voir vos paiements, vos clients et votre solde, et encaisser ou rembourser pour vous.',
  'Know which Xero user you are.': 'Savoir quel utilisateur Xero vous êtes.',
  'See your invoices, bills, quotes and orders.':
    'Voir vos factures de vente et d’achat, devis et commandes.',
  'See your customers and suppliers.': 'Voir vos clients et fournisseurs.',
  'See your accounts, tax rates and organisation settings.':
    'Voir vos comptes, taux de taxe et paramètres d’organisation.',
  'See, add and change your invoices, bills, quotes and orders.':
    'Voir, ajouter et modifier vos factures de vente et d’achat, devis et commandes.',
  'See, add and change your customers and suppliers.':
    'Voir, ajouter et modifier vos clients et fournisseurs.',
  'See the list of your meetings.': 'Voir la liste de vos réunions.',
  'See the details of your meetings.': 'Voir les détails de vos réunions.',
  'Schedule meetings as you.': 'Planifier des réunions en votre nom.',
  'Change your meetings.': 'Modifier vos réunions.',
  'Delete your meetings.': 'Supprimer vos réunions.',
}
