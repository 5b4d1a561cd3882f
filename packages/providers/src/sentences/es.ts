import type { Sentences } from './sentences.ts'

/** What scopes allow, in Spanish. */
export const es: Sentences = {
  'See your username and picture.': 'Ver su nombre de usuario y su imagen.',
  'See your email address.': 'Ver su correo electrónico.',
  'See which servers you are in.': 'Ver en qué servidores está.',
  'See your nickname and roles in these servers.': 'Ver su apodo y sus roles en esos servidores.',
  'Join servers for you.': 'Unirse a servidores por usted.',
  'See your name and email address.': 'Ver su nombre y su correo electrónico.',
  'See the names of your files and folders.': 'Ver los nombres de sus archivos y carpetas.',
  'Read and download your files.': 'Leer y descargar sus archivos.',
  'Add, change and delete your files.': 'Añadir, cambiar y eliminar sus archivos.',
  'See your profile.': 'Ver su perfil.',
  'See your email addresses.': 'Ver sus correos electrónicos.',
  'See the organizations and teams you belong to.': 'Ver las organizaciones y equipos a los que pertenece.',
  'Read and change all your repositories, public and private, with their issues and pull requests.':
    'Leer y cambiar todos sus repositorios, públicos y privados, con sus incidencias y pull requests.',
  'See your profile and email address.': 'Ver su perfil y su correo electrónico.',
  'See your projects and groups with their issues and merge requests.':
    'Ver sus proyectos y grupos con sus incidencias y merge requests.',
  'Read the code of your projects, also the private ones.':
    'Leer el código de sus proyectos, también los privados.',
  'See and change all that you can in GitLab, projects, issues, merge requests and code.':
    'Ver y cambiar todo lo que usted puede en GitLab: proyectos, incidencias, merge requests y código.',
  'Know which Google account this is.': 'Saber qué cuenta de Google es.',
  'Read your emails, attachments and labels.': 'Leer sus correos, archivos adjuntos y etiquetas.',
  'Read, write, send and sort your emails, and move them to the trash, but never delete them for good.':
    'Leer, escribir, enviar y ordenar sus correos, y moverlos a la papelera, pero nunca eliminarlos para siempre.',
  'See your calendars and the events in them.': 'Ver sus calendarios y sus eventos.',
  'Add, change and delete events in your calendars.':
    'Añadir, cambiar y eliminar eventos en sus calendarios.',
  'See and download all the files in your Google Drive.':
    'Ver y descargar todos los archivos de su Google Drive.',
  'See, add, change, share and delete all the files in your Google Drive.':
    'Ver, añadir, cambiar, compartir y eliminar todos los archivos de su Google Drive.',
  'Stay connected to your HubSpot account.': 'Seguir conectado a su cuenta de HubSpot.',
  'See your contacts.': 'Ver sus contactos.',
  'See your companies.': 'Ver sus empresas.',
  'See your deals.': 'Ver sus negocios.',
  'Add, change and delete contacts.': 'Añadir, cambiar y eliminar contactos.',
  'Add, change and delete companies.': 'Añadir, cambiar y eliminar empresas.',
  'Add, change and delete deals.': 'Añadir, cambiar y eliminar negocios.',
  'Keep this access when you are away, until you end it.':
    'Conservar este acceso cuando usted no está, hasta que le ponga fin.',
  'See your projects and issues with their comments and files.':
    'Ver sus proyectos e incidencias con sus comentarios y archivos.',
  'See the people in your Jira.': 'Ver a las personas de su Jira.',
  'Add and change issues, comments and time spent as you.':
    'Añadir y cambiar en su nombre incidencias, comentarios y tiempo dedicado.',
  'See the issues, projects and teams that you can see.':
    'Ver las incidencias, los proyectos y los equipos que usted puede ver.',
  'Add, change and delete issues, comments and projects as you.':
    'Añadir, cambiar y eliminar en su nombre incidencias, comentarios y proyectos.',
  'Read the pages and databases that you choose.': 'Leer las páginas y bases de datos que usted elija.',
  'Add pages and text below the pages that you choose.':
    'Añadir páginas y texto bajo las páginas que usted elija.',
  'Change the pages and databases that you choose.': 'Cambiar las páginas y bases de datos que usted elija.',
  'Read your emails and their attachments.': 'Leer sus correos y sus archivos adjuntos.',
  'Read, write, move and delete your emails.': 'Leer, escribir, mover y eliminar sus correos.',
  'Send emails as you.': 'Enviar correos en su nombre.',
  'See your own user settings and the currencies of your company.':
    'Ver sus propios ajustes de usuario y las monedas de su empresa.',
  'See your deals with their notes, files, pipelines and stages.':
    'Ver sus tratos con sus notas, archivos, embudos y etapas.',
  'See the people and organizations in your contacts.': 'Ver las personas y organizaciones de sus contactos.',
  'See your activities, such as calls, meetings and tasks.':
    'Ver sus actividades, como llamadas, reuniones y tareas.',
  'See, add, change and delete your deals with their notes and files.':
    'Ver, añadir, cambiar y eliminar sus tratos con sus notas y archivos.',
  'See, add, change and delete the people and organizations in your contacts.':
    'Ver, añadir, cambiar y eliminar las personas y organizaciones de sus contactos.',
  'See, add, change and delete your activities.': 'Ver, añadir, cambiar y eliminar sus actividades.',
  'Know which Intuit user you are.': 'Saber qué usuario de Intuit es usted.',
  'See your name.': 'Ver su nombre.',
  'See and change the books of the company that you choose.':
    'Ver y cambiar la contabilidad de la empresa que usted elija.',
  'Know which Salesforce user you are.': 'Saber qué usuario de Salesforce es usted.',
  'See and change whatever you can see and change in Salesforce.':
    'Ver y cambiar todo lo que usted puede ver y cambiar en Salesforce.',
  'See the products of your shop.': 'Ver los productos de su tienda.',
  'See the orders of the last 60 days.': 'Ver los pedidos de los últimos 60 días.',
  'See your customers.': 'Ver sus clientes.',
  'See, add, change and delete the products of your shop.':
    'Ver, añadir, cambiar y eliminar los productos de su tienda.',
  'See and change the orders of the last 60 days.': 'Ver y cambiar los pedidos de los últimos 60 días.',
  'See, add, change and delete your customers.': 'Ver, añadir, cambiar y eliminar sus clientes.',
  'See the public channels of your workspace.': 'Ver los canales públicos de su espacio de trabajo.',
  'Read messages in the public channels you are in.':
    'Leer los mensajes de los canales públicos en los que está.',
  'See the people in your workspace.': 'Ver a las personas de su espacio de trabajo.',
  'Search the messages and files that you can see.': 'Buscar en los mensajes y archivos que usted puede ver.',
  'Send messages as you.': 'Enviar mensajes en su nombre.',
  'See your payments, customers and balance.': 'Ver sus pagos, sus clientes y su saldo.',
  'See your payments, customers and balance, and take payments and give refunds for you.':
    'Ver sus pagos, sus clientes y su saldo, y cobrar y devolver pagos por usted.',
  'Know which Xero user you are.': 'Saber qué usuario de Xero es usted.',
  'See your invoices, bills, quotes and orders.': 'Ver sus facturas, recibos, presupuestos y pedidos.',
  'See your customers and suppliers.': 'Ver sus clientes y proveedores.',
  'See your accounts, tax rates and organisation settings.':
    'Ver sus cuentas, tipos impositivos y ajustes de la organización.',
  'See, add and change your invoices, bills, quotes and orders.':
    'Ver, añadir y cambiar sus facturas, recibos, presupuestos y pedidos.',
  'See, add and change your customers and suppliers.': 'Ver, añadir y cambiar sus clientes y proveedores.',
  'See the list of your meetings.': 'Ver la lista de sus reuniones.',
  'See the details of your meetings.': 'Ver los detalles de sus reuniones.',
  'Schedule meetings as you.': 'Programar reuniones en su nombre.',
  'Change your meetings.': 'Cambiar sus reuniones.',
  'Delete your meetings.': 'Eliminar sus reuniones.',
}
