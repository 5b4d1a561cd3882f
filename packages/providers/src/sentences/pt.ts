import type { Sentences } from './sentences.ts'

/** What scopes allow, in Portuguese. */
export const pt: Sentences = {
  'See your username and picture.': 'Ver o seu nome de usuário e a sua imagem.',
  'See your email address.': 'Ver o seu e-mail.',
  'See which servers you are in.': 'Ver em que servidores você está.',
  'See your nickname and roles in these servers.': 'Ver o seu apelido e as suas funções nesses servidores.',
  'Join servers for you.': 'Entrar em servidores por você.',
  'See your name and email address.': 'Ver o seu nome e o seu e-mail.',
  'See the names of your files and folders.': 'Ver os nomes dos seus arquivos e pastas.',
  'Read and download your files.': 'Ler e baixar os seus arquivos.',
  'Add, change and delete your files.': 'Adicionar, alterar e apagar os seus arquivos.',
  'See your profile.': 'Ver o seu perfil.',
  'See your email addresses.': 'Ver os seus e-mails de contato.',
  'See the organizations and teams you belong to.': 'Ver as organizações e equipes a que você pertence.',
  'Read and change all your repositories, public and private, with their issues and pull requests.':
    'Ler e alterar todos os seus repositórios, públicos e privados, com as issues e pull requests.',
  'See your profile and email address.': 'Ver o seu perfil e o seu e-mail.',
  'See your projects and groups with their issues and merge requests.':
    'Ver os seus projetos e grupos com as issues e merge requests.',
  'Read the code of your projects, also the private ones.':
    'Ler o código dos seus projetos, também dos privados.',
  'See and change all that you can in GitLab, projects, issues, merge requests and code.':
    'Ver e alterar tudo o que você pode no GitLab: projetos, issues, merge requests e código.',
  'Know which Google account this is.': 'Saber que conta Google é esta.',
  'Read your emails, attachments and labels.': 'Ler os seus e-mails, anexos e marcadores.',
  'Read, write, send and sort your emails, and move them to the trash, but never delete them for good.':
    'Ler, escrever, enviar e organizar os seus e-mails, e movê-los para a lixeira, mas nunca apagá-los de vez.',
  'See your calendars and the events in them.': 'Ver os seus calendários e os eventos neles.',
  'Add, change and delete events in your calendars.':
    'Adicionar, alterar e apagar eventos nos seus calendários.',
  'See and download all the files in your Google Drive.':
    'Ver e baixar todos os arquivos do seu Google Drive.',
  'See, add, change, share and delete all the files in your Google Drive.':
    'Ver, adicionar, alterar, compartilhar e apagar todos os arquivos do seu Google Drive.',
  'Stay connected to your HubSpot account.': 'Continuar conectado à sua conta HubSpot.',
  'See your contacts.': 'Ver os seus contatos.',
  'See your companies.': 'Ver as suas empresas.',
  'See your deals.': 'Ver os seus negócios.',
  'Add, change and delete contacts.': 'Adicionar, alterar e apagar contatos.',
  'Add, change and delete companies.': 'Adicionar, alterar e apagar empresas.',
  'Add, change and delete deals.': 'Adicionar, alterar e apagar negócios.',
  'Keep this access when you are away, until you end it.':
    'Manter este acesso na sua ausência, até você encerrá-lo.',
  'See your projects and issues with their comments and files.':
    'Ver os seus projetos e itens com os comentários e arquivos.',
  'See the people in your Jira.': 'Ver as pessoas do seu Jira.',
  'Add and change issues, comments and time spent as you.':
    'Adicionar e alterar itens, comentários e tempo gasto em seu nome.',
  'See the issues, projects and teams that you can see.':
    'Ver as issues, os projetos e as equipes que você pode ver.',
  'Add, change and delete issues, comments and projects as you.':
    'Adicionar, alterar e apagar issues, comentários e projetos em seu nome.',
  'Read the pages and databases that you choose.': 'Ler as páginas e bases de dados que você escolher.',
  'Add pages and text below the pages that you choose.':
    'Adicionar páginas e texto abaixo das páginas que você escolher.',
  'Change the pages and databases that you choose.': 'Alterar as páginas e bases de dados que você escolher.',
  'Read your emails and their attachments.': 'Ler os seus e-mails e os anexos deles.',
  'Read, write, move and delete your emails.': 'Ler, escrever, mover e apagar os seus e-mails.',
  'Send emails as you.': 'Enviar e-mails em seu nome.',
  'See your own user settings and the currencies of your company.':
    'Ver as suas configurações de usuário e as moedas da sua empresa.',
  'See your deals with their notes, files, pipelines and stages.':
    'Ver os seus negócios com as notas, arquivos, funis e etapas.',
  'See the people and organizations in your contacts.': 'Ver as pessoas e organizações dos seus contatos.',
  'See your activities, such as calls, meetings and tasks.':
    'Ver as suas atividades, como chamadas, reuniões e tarefas.',
  'See, add, change and delete your deals with their notes and files.':
    'Ver, adicionar, alterar e apagar os seus negócios com as notas e arquivos.',
  'See, add, change and delete the people and organizations in your contacts.':
    'Ver, adicionar, alterar e apagar as pessoas e organizações dos seus contatos.',
  'See, add, change and delete your activities.': 'Ver, adicionar, alterar e apagar as suas atividades.',
  'Know which Intuit user you are.': 'Saber que usuário Intuit você é.',
  'See your name.': 'Ver o seu nome.',
  'See and change the books of the company that you choose.':
    'Ver e alterar a contabilidade da empresa que você escolher.',
  'Know which Salesforce user you are.': 'Saber que usuário Salesforce você é.',
  'See and change whatever you can see and change in Salesforce.':
    'Ver e alterar tudo o que você pode ver e alterar no Salesforce.',
  'See the products of your shop.': 'Ver os produtos da sua loja.',
  'See the orders of the last 60 days.': 'Ver os pedidos dos últimos 60 dias.',
  'See your customers.': 'Ver os seus clientes.',
  'See, add, change and delete the products of your shop.':
    'Ver, adicionar, alterar e apagar os produtos da sua loja.',
  'See and change the orders of the last 60 days.': 'Ver e alterar os pedidos dos últimos 60 dias.',
  'See, add, change and delete your customers.': 'Ver, adicionar, alterar e apagar os seus clientes.',
  'See the public channels of your workspace.': 'Ver os canais públicos do seu espaço de trabalho.',
  'Read messages in the public channels you are in.':
    'Ler as mensagens dos canais públicos em que você está.',
  'See the people in your workspace.': 'Ver as pessoas do seu espaço de trabalho.',
  'Search the messages and files that you can see.':
    'Pesquisar as mensagens e os arquivos que você pode ver.',
  'Send messages as you.': 'Enviar mensagens em seu nome.',
  'See your payments, customers and balance.': 'Ver os seus pagamentos, clientes e saldo.',
  'See your payments, customers and balance, and take payments and give refunds for you.':
    'Ver os seus pagamentos, clientes e saldo, e receber e devolver pagamentos por você.',
  'Know which Xero user you are.': 'Saber que usuário Xero você é.',
  'See your invoices, bills, quotes and orders.': 'Ver as suas faturas, contas, orçamentos e pedidos.',
  'See your customers and suppliers.': 'Ver os seus clientes e fornecedores.',
  'See your accounts, tax rates and organisation settings.':
    'Ver as suas contas, taxas de imposto e configurações da organização.',
  'See, add and change your invoices, bills, quotes and orders.':
    'Ver, adicionar e alterar as suas faturas, contas, orçamentos e pedidos.',
  'See, add and change your customers and suppliers.':
    'Ver, adicionar e alterar os seus clientes e fornecedores.',
  'See the list of your meetings.': 'Ver a lista das suas reuniões.',
  'See the details of your meetings.': 'Ver os detalhes das suas reuniões.',
  'Schedule meetings as you.': 'Agendar reuniões em seu nome.',
  'Change your meetings.': 'Alterar as suas reuniões.',
  'Delete your meetings.': 'Apagar as suas reuniões.',
}
