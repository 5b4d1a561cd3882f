import type { Messages } from './messages.ts'

/** French, formal. No-break spaces stand where French typography has them. */
export const fr: Messages = {
  'confirm.title': 'Connecter {provider} à {workspace}',
  'confirm.question': 'Connecter votre compte {provider} à {workspace} ?',
  'confirm.own':
    'La connexion appartiendra à {workspace} : toutes les personnes qui y travaillent pourront l’utiliser.',
  'confirm.whom': 'Il sera connecté pour {person}. Si ce n’est pas vous, dites-le.',
  'confirm.may': '{workspace} pourra :',
  'confirm.connect': 'Connecter',
  'confirm.not_me': 'Ce n’est pas moi',
  'confirm.cancel': 'Annuler',
  'confirm.small':
    'Ceci est exploité par {workspace}. Vous pouvez y mettre fin à tout moment : là-bas, ou dans les paramètres de votre compte {provider}.',

  'outcome.continue': 'Continuer vers {workspace}',
  'outcome.back': 'Revenir à {workspace}',
  'outcome.again': 'Réessayer',
  'outcome.close': 'Fermer cette fenêtre',
  'outcome.go_back': 'Retour',
  'outcome.code': 'Code : {code}',
  'outcome.detail': 'Détail : {detail}',
  'failed.title': 'Non connecté',
  'finish.title': 'Presque terminé',
  'finish.heading': '{workspace} termine la connexion.',
  'finish.continue': 'Si rien ne se passe, continuez ci-dessous.',
  'finish.close': 'Si rien ne se passe, fermez cette fenêtre, revenez à {workspace} et recommencez.',
  'done.title': 'Connecté',
  'done.heading': '{provider} est connecté à {workspace}.',
  'done.all': 'C’est tout.',
  'done.close': 'Vous pouvez fermer cette fenêtre et revenir à {workspace}.',

  'failure.access_denied.what': 'L’accès à {provider} n’a pas été accordé.',
  'failure.access_denied.todo':
    'Rien n’a été connecté. Si c’était une erreur, recommencez et autorisez l’accès.',
  'failure.not_me.what': 'Rien n’a été connecté.',
  'failure.not_me.todo':
    'Vous avez indiqué que ce n’est pas vous : {workspace} n’a reçu aucun accès. {provider} l’affiche peut-être encore dans les paramètres de votre compte ; retirez-le là-bas.',
  'failure.redirect_uri_mismatch.what':
    '{provider} ne connaît pas l’adresse à laquelle renvoyer les personnes.',
  'failure.redirect_uri_mismatch.todo':
    'Dites à {workspace} : l’URI de redirection enregistrée chez {provider} doit être exactement celle qu’affiche l’intégration.',
  'failure.https_required.what': '{provider} ne renvoie que vers des adresses https.',
  'failure.https_required.todo':
    'Dites à {workspace} : son serveur a besoin de https, et la nouvelle URI de redirection doit être enregistrée chez {provider}.',
  'failure.invalid_scope.what': '{provider} n’accorde pas l’une des autorisations demandées.',
  'failure.invalid_scope.todo':
    'Dites à {workspace} : activez l’API de {provider} et ajoutez l’autorisation dans la console développeur du fournisseur.',
  'failure.api_not_enabled.what': 'L’API de {provider} n’est pas activée pour {workspace}.',
  'failure.api_not_enabled.todo':
    'Dites à {workspace} : activez l’API de {provider} dans la console développeur, attendez quelques minutes, puis recommencez.',
  'failure.blocked.what': '{provider} ne permet pas à {workspace} de connecter ce compte.',
  'failure.blocked.todo':
    'Demandez à l’administrateur de votre compte de l’autoriser, ou recommencez avec un autre compte.',
  'failure.invalid_client.what': '{provider} a refusé l’identifiant client ou le secret client.',
  'failure.invalid_client.todo':
    'Dites à {workspace} : vérifiez les deux dans la console développeur du fournisseur, puis enregistrez de nouveau l’intégration.',
  'failure.invalid_grant.what': '{provider} n’accepte plus le code d’autorisation.',
  'failure.invalid_grant.todo':
    'Les codes durent quelques minutes et servent une fois. Recommencez sans faire de pause.',
  'failure.invalid_request.what': '{provider} et {workspace} ne se sont pas compris.',
  'failure.invalid_request.todo':
    'Rien n’a été connecté. Recommencez ; si cela se reproduit, communiquez à {workspace} le code ci-dessous.',
  'failure.expired.what': 'Cela a pris trop de temps : l’autorisation a expiré.',
  'failure.expired.todo': 'Rien n’a été connecté. Recommencez sans faire de pause.',
  'failure.conflict.what': 'Ce compte ne convient pas à cette connexion.',
  'failure.conflict.todo':
    'Rien n’a été modifié. Le détail ci-dessous dit pourquoi ; recommencez avec le bon compte.',
  'failure.already_used.what': 'Cette étape a déjà été faite.',
  'failure.already_used.todo': 'Si le compte n’est pas encore connecté, recommencez.',
  'failure.quota_exceeded.what': '{workspace} n’a plus de place pour une autre connexion.',
  'failure.quota_exceeded.todo':
    'Rien n’a été connecté. Dites à {workspace} que son forfait n’en permet pas plus, puis recommencez.',
  'failure.temporarily_unavailable.what': '{provider} est surchargé ou indisponible en ce moment.',
  'failure.temporarily_unavailable.todo': 'Rien n’a été connecté. Réessayez dans quelques minutes.',
  'failure.client_secret_expired.what': 'Le secret client de {workspace} chez {provider} a expiré.',
  'failure.client_secret_expired.todo':
    'Dites à {workspace} : créez un nouveau secret client dans la console développeur, et enregistrez-le dans l’intégration.',
  'failure.no_refresh_token.what': '{provider} n’a accordé l’accès que pour peu de temps.',
  'failure.no_refresh_token.todo':
    'Dites à {workspace} : l’accès hors ligne (offline access) doit être demandé lors de la connexion.',
  'failure.clock_skew.what': '{provider} et {workspace} n’ont pas la même heure.',
  'failure.clock_skew.todo': 'Dites à {workspace} : l’horloge du serveur doit être réglée.',
  'failure.unusable_answer.what': '{provider} n’a pas répondu comme un serveur OAuth 2.0.',
  'failure.unusable_answer.todo':
    'Rien n’a été connecté. Réessayez ; si cela persiste, dites à {workspace} de vérifier l’URL de jeton de l’intégration.',
  'failure.unreachable_address.what': 'L’adresse de {provider} n’est pas utilisable d’ici.',
  'failure.unreachable_address.todo':
    'Rien n’a été connecté. Dites à {workspace} de vérifier les URL de l’intégration.',
  'failure.unknown.what': '{provider} n’a pas terminé la connexion.',
  'failure.unknown.todo':
    'Rien n’a été connecté. Recommencez ; si cela se reproduit, communiquez à {workspace} le code ci-dessous.',

  'stray.other_session.what': 'Quelqu’un d’autre était connecté quand ceci a commencé.',
  'stray.other_session.todo':
    'Rien n’a été connecté. La session a changé entre-temps, ou c’est un autre navigateur : ouvrez de nouveau le lien.',
  'stray.no_state.what': 'Cette adresse a été ouverte sans réponse d’un fournisseur.',
  'stray.no_state.todo':
    'Les fournisseurs renvoient ici après l’autorisation. Partez de la page où vous vouliez connecter un compte.',
  'stray.unknown_state.what': 'Cette réponse n’appartient à aucune connexion commencée ici.',
  'stray.unknown_state.todo':
    'Recommencez depuis la page où vous vouliez connecter un compte. Si quelqu’un vous a envoyé ce lien, ne l’utilisez pas.',
  'stray.replayed.what': 'Cette étape a déjà été faite.',
  'stray.replayed.todo':
    'Si le compte n’est pas encore connecté, recommencez depuis la page où vous vouliez le connecter.',
  'stray.expired.what': 'Cela a pris trop de temps : cette tentative a expiré.',
  'stray.expired.todo':
    'Recommencez depuis la page où vous vouliez connecter un compte. Vous avez dix minutes chez le fournisseur.',
  'stray.other_choice.what': 'Autre chose a été choisi entre-temps.',
  'stray.other_choice.todo':
    'Rien n’a été connecté ici. Continuez là où vous avez choisi en dernier, ou ouvrez de nouveau le lien.',

  'over.completed.what': 'Ce lien a été utilisé, et le compte est connecté.',
  'over.completed.todo': 'Vous pouvez fermer cette fenêtre.',
  'over.failed.what': 'Cette tentative de connexion est terminée.',
  'over.failed.todo': 'Recommencez depuis la page où vous vouliez connecter un compte.',
  'over.expired.what': 'Ce lien a expiré.',
  'over.expired.todo':
    'Les liens sont valables 30 minutes. Recommencez depuis la page où vous vouliez connecter un compte.',
  'over.unknown.what': 'Ce lien de connexion n’est pas l’un des nôtres.',
  'over.unknown.todo': 'Vérifiez qu’il a été copié en entier, ou demandez-en un nouveau.',
  'other_person.what': 'Ce lien est destiné à quelqu’un d’autre.',
  'other_person.todo':
    'Seule la personne à qui il est destiné peut l’utiliser. Si c’est vous sous un autre nom, déconnectez-vous et ouvrez-le de nouveau.',
  'nobody.what': 'Nous ne savons pas qui vous êtes.',
  'nobody.todo':
    'Partez de la page où vous vouliez connecter un compte : son lien désigne la session créée pour vous.',
  'unusable_link.what': 'Ce lien ne peut pas être utilisé.',
  'unusable_link.todo': 'Demandez un nouveau lien à qui vous a envoyé ici.',

  'pick.title': 'Choisir ce que vous connectez à {workspace}',
  'pick.heading': 'Que souhaitez-vous connecter à {workspace} ?',
  'pick.lead': 'Choisissez. {workspace} vous demandera encore une fois avant d’obtenir l’accès.',
  'pick.search': 'Rechercher',
  'pick.nothing': 'Aucun résultat. Essayez un autre mot.',
  'pick.none.what': 'Il n’y a plus rien à connecter ici.',
  'pick.none.todo': 'Dites à {workspace} : ce que ce lien proposait a été retiré.',

  'manage.title': 'Vos comptes connectés à {workspace}',
  'manage.none':
    'Aucun compte n’est connecté. Quand vous en connecterez un à {workspace}, il apparaîtra ici.',
  'manage.more': 'Seuls les {count} plus récents sont affichés.',
  'manage.may': '{workspace} peut :',
  'manage.used': 'Dernière utilisation : {when}.',
  'manage.unused': 'Pas utilisé ces 90 derniers jours.',
  'manage.connected': 'Connecté : {when}.',
  'manage.needs_reauth':
    'Cette connexion a pris fin. Reconnectez-la pour continuer à l’utiliser chez {workspace}.',
  'manage.pending': 'Cette connexion est encore en préparation.',
  'manage.reconnect': 'Reconnecter {provider}',
  'manage.disconnect': 'Déconnecter {provider}',
  'manage.back': 'Revenir à vos comptes',
  'manage.leave': 'Fermer cette page',
  'manage.small':
    'Toute personne qui ouvre cette page peut déconnecter vos comptes : elle se ferme donc d’elle-même après 30 minutes.',
  'manage.reconnected': 'Le compte est de nouveau connecté.',
  'manage.not_reconnected': 'Le compte n’a pas été reconnecté ({code}).',
  'manage.question': 'Déconnecter {provider} de {workspace} ?',
  'manage.effect':
    '{workspace} ne pourra plus utiliser ce compte. Rien de ce qui est enregistré chez {provider} n’est supprimé.',
  'manage.yes': 'Déconnecter',
  'manage.keep': 'Conserver',
  'manage.ended.what': '{provider} est déconnecté de {workspace}.',
  'manage.ended.revoked': '{provider} a été prévenu et a mis fin à l’accès.',
  'manage.ended.pending':
    '{workspace} n’a plus accès. {provider} ne l’a pas encore confirmé ; il est relancé jusqu’à 7 jours.',
  'manage.ended.unsupported':
    '{workspace} n’a plus accès. {provider} ne peut pas être prévenu d’ici : retirez aussi {workspace} dans les paramètres de votre compte là-bas.',
  'manage.ended.shared':
    'Cette connexion n’a plus accès. Une autre connexion de {workspace} utilise le même compte {provider} et continue.',
  'manage.gone.what': 'Ce compte n’est plus connecté.',
  'manage.gone.todo': 'Il a été déconnecté entre-temps.',
  'manage.no_way.what': 'Ce compte ne peut pas être reconnecté ici.',
  'manage.no_way.todo':
    'Dites à {workspace} : l’intégration concernée ne demande l’accord de personne. Rien n’a été modifié.',
  'manage.used_link.what': 'Ce lien ne fonctionne plus.',
  'manage.used_link.todo':
    'Il sert une fois, pendant 10 minutes. Revenez là où vous l’avez trouvé et ouvrez-le de nouveau.',
  'manage.over.what': 'Cette page a été fermée.',
  'manage.over.todo': 'Elle reste ouverte 30 minutes. Revenez là d’où vous veniez et ouvrez-la de nouveau.',
  'manage.left.what': 'Cette page est fermée.',
  'manage.left.todo': 'Vos comptes restent tels quels. Vous pouvez fermer cette fenêtre.',

  'error.ours.what': 'Grantry n’a pas pu faire cela pour le moment.',
  'error.ours.todo': 'Réessayez dans un instant ; si cela persiste, communiquez à l’exploitant : {code}.',
  'error.busy.what': 'Trop de requêtes.',
  'error.busy.todo': 'Réessayez dans {seconds} s.',
  'error.refused.what': 'Cette page ne peut pas être ouverte ainsi.',
  'error.refused.todo': 'Revenez en arrière, rechargez la page et réessayez.',
  'error.nothing_connected': 'Rien n’a été connecté.',
  'error.nothing_allowed': 'Rien n’a été autorisé.',
  'error.nothing_changed': 'Rien n’a été modifié.',

  'sign_in.title': 'Se connecter à {workspace}',
  'sign_in.why': 'Pour que {workspace} sache que c’est bien vous.',
  'sign_in.email': 'E-mail',
  'sign_in.password': 'Mot de passe',
  'sign_in.submit': 'Se connecter',
  'sign_in.with': 'Se connecter avec {provider}',
  'sign_in.or': 'ou',
  'sign_in.already': 'Vous êtes connecté en tant que {person}.',
  'sign_in.yourself': 'vous-même',
  'sign_in.continue': 'Continuer',
  'sign_in.as_other': 'ou en tant que quelqu’un d’autre',
  'sign_in.no_account':
    'Pas encore de compte ? Demandez un lien d’invitation à un administrateur de votre espace de travail.',
  'sign_in.runs': 'Ceci est exploité par {workspace}.',
  'sign_in.wrong':
    'Cette adresse e-mail et ce mot de passe ne correspondent pas. Vérifiez les deux et réessayez.',
  'sign_in.wait': 'Trop de tentatives. Attendez {seconds} s, puis réessayez.',
  'sign_in.nowhere.what': 'On ne peut pas se connecter ici.',
  'sign_in.nowhere.todo':
    '{workspace} n’a pas mis en place de connexion pour ses utilisateurs. Prévenez-les, ou revenez d’où vous veniez.',
  'sign_in.nowhere.unknown':
    'Le lien ne dit pas à quel espace de travail vous appartenez. Revenez en arrière et ouvrez-le de nouveau.',
  'sign_out.title': 'Se déconnecter',
  'sign_out.question': 'Se déconnecter de Grantry ?',
  'sign_out.submit': 'Se déconnecter',
  'sign_out.stay': 'Rester',
  'signed_out.what': 'Vous êtes déconnecté.',
  'signed_out.todo': 'Vous pouvez fermer cette fenêtre.',
  'signed_out.again': 'Se reconnecter',
  'outside.stray.what': 'Cette connexion ne peut pas continuer.',
  'outside.stray.todo':
    'Elle a pris trop de temps, a déjà servi ou a commencé dans un autre navigateur. Reconnectez-vous depuis le début.',
  'outside.declined.what': '{provider} ne vous a pas connecté.',
  'outside.declined.todo':
    'Vous avez refusé là-bas, ou n’y êtes pas autorisé. Réessayez, ou connectez-vous autrement.',
  'outside.failed.what': '{provider} n’a pas pu vous connecter.',
  'outside.failed.todo':
    'Sa réponse n’est pas fiable ou pas utilisable. Réessayez ; si cela persiste, communiquez à un administrateur de votre espace : {code}.',
  'outside.unknown.what': 'Ce compte {provider} n’est lié à aucun membre.',
  'outside.unknown.todo':
    'Ouvrez votre lien d’invitation et rejoignez l’espace avec ce compte, ou connectez-vous par mot de passe et liez-le dans votre compte.',
  'outside.ended.what': 'Ce pour quoi vous vous connectiez a pris fin.',
  'outside.ended.todo':
    'Votre session ou votre invitation n’existe plus. Reconnectez-vous, ou demandez une nouvelle invitation.',
  'outside.no_email.what': '{provider} n’a pas indiqué votre adresse e-mail.',
  'outside.no_email.todo':
    'Ouvrez de nouveau le lien d’inscription et choisissez un mot de passe ; vous pourrez lier ce compte ensuite.',

  'link.title': 'Se connecter désormais avec {provider}',
  'link.question': 'Se connecter désormais avec {provider} ?',
  'link.lead':
    'Vous vous connectez une fois chez {provider}. Ensuite, ce compte ouvre Grantry pour {person}, en plus des moyens actuels.',
  'link.submit': 'Continuer vers {provider}',
  'link.later': 'Pas maintenant',
  'link.small': 'Vous pouvez défaire ce lien à tout moment dans votre compte.',

  'consent.title': 'Autoriser {app}',
  'consent.question': 'Autoriser {app} à utiliser {target} ?',
  'consent.at': '{server} chez {workspace}',
  'consent.person': 'Vous êtes connecté en tant que {person}.',
  'consent.may': '{app} pourra :',
  'consent.withheld': 'Votre rôle ici ne permet pas ce qui était également demandé :',
  'consent.allow': 'Autoriser',
  'consent.deny': 'Ne pas autoriser',
  'consent.destination': 'Vous serez ensuite dirigé vers {destination}.',
  'consent.home': '{app} indique {home} comme son site.',
  'consent.end': 'Vous pouvez y mettre fin à tout moment sous « Authorised apps » dans {workspace}.',
  'consent.device': 'votre appareil',
  'consent.app_behind': 'l’application derrière {scheme}',
  'consent.which': 'Quels comptes peut-elle utiliser ?',
  'consent.own': 'à l’espace de travail',
  'consent.of': 'de {person}',
  'consent.ticked': 'Elle n’atteint que ceux que vous cochez.',
  'consent.no_accounts':
    'Aucun compte n’est encore connecté : {app} n’en atteindra aucun tant que vous ne l’aurez pas autorisée de nouveau.',
  'consent.warn_command_line':
    'Ne continuez que si vous venez de lancer « grantry login » vous-même : qui l’a fait agira en votre nom.',
  'consent.warn_any_name':
    'N’importe qui peut enregistrer une application sous n’importe quel nom. Ne continuez que si vous avez commencé depuis {app} vous-même.',
  'consent.warn_published':
    'Cette application est publiée par {host}. Ne continuez que si vous la connaissez.',
  'consent.warn_new': 'Elle a été enregistrée il y a quelques jours seulement.',
  'consent.warn_local':
    'Elle fonctionne sur votre propre ordinateur : tout programme qui s’y trouve a pu demander en son nom.',
  'consent.other.what': '{app} appartient à un autre espace de travail.',
  'consent.other.todo':
    'Vous êtes connecté en tant que {person} chez {workspace}. Pour continuer, connectez-vous là où {app} se trouve.',
  'consent.other.submit': 'Se connecter là-bas',
  'consent.members.what': 'La ligne de commande est réservée aux membres.',
  'consent.members.todo':
    'Vous êtes connecté en tant que {person}, qui n’est pas membre ici. Rien n’a été autorisé. Connectez-vous comme membre et saisissez de nouveau le code.',
  'consent.over.what': 'Cette demande est terminée.',
  'consent.over.todo':
    'Elle a déjà reçu une réponse, a trop attendu ou a commencé dans un autre navigateur. Recommencez depuis l’application.',
  'scope.openid': 'savoir qui vous êtes ici',
  'scope.profile': 'voir votre nom',
  'scope.email': 'voir votre adresse e-mail',
  'scope.offline_access': 'rester connectée en votre absence',
  'scope.account:read': 'voir votre compte, son forfait et ses fonctions',
  'scope.connections:read': 'voir les comptes que vous avez connectés',
  'scope.connections:write': 'connecter, actualiser et déconnecter des comptes',
  'scope.tokens:read':
    'obtenir les jetons d’accès de vos comptes connectés, et faire tout ce qu’ils permettent',
  'scope.proxy:call': 'appeler les services derrière vos comptes connectés',
  'scope.mcp:read': 'lire au moyen de vos outils',
  'scope.mcp:write': 'lire, modifier et envoyer au moyen de vos outils',
  'scope.workspace':
    'faire ici tout ce que vous pouvez faire, y compris obtenir les jetons des comptes connectés',

  'device.title': 'Connecter un appareil',
  'device.lead': 'Saisissez le code qu’affiche l’appareil ou le terminal.',
  'device.code': 'Code',
  'device.continue': 'Continuer',
  'device.small': 'Ne saisissez qu’un code que vous avez demandé vous-même, sur un appareil devant vous.',
  'device.aborted': 'Vous ne l’avez pas autorisé. L’appareil en a été informé.',
  'device.not_found':
    'Aucun appareil n’attend avec ce code. Regardez-le de nouveau et saisissez-le tel quel.',
  'device.expired': 'Ce code est trop ancien. Demandez-en un nouveau à l’appareil.',
  'device.used': 'Ce code a déjà servi. Demandez-en un nouveau à l’appareil.',
  'device.failed': 'Cela n’a pas fonctionné. Saisissez de nouveau le code.',
  'device.is_it.title': 'Est-ce votre appareil ?',
  'device.is_it.question': 'Votre appareil affiche-t-il ce code ?',
  'device.is_it.lead':
    '{app} demande à être connectée. Si vous ne l’avez pas demandé vous-même à l’instant, quelqu’un tente peut-être d’accéder à votre compte.',
  'device.is_it.yes': 'Oui, continuer',
  'device.is_it.no': 'Non, ce n’est pas le mien',
  'device.done.title': 'Appareil connecté',
  'device.done.what': '{app} : connexion établie.',
  'device.done.todo': 'Revenez-y : la suite se fait d’elle-même. Vous pouvez fermer cette fenêtre.',
  'device.an_app': 'Une application',
  'device.the_device': 'L’appareil',
  'request.title': 'Cela n’a pas fonctionné',
  'request.unknown.what': 'Cette demande ne peut pas recevoir de réponse.',
  'request.unknown.todo':
    'Recommencez depuis l’application. Si cela persiste, prévenez ceux qui l’exploitent.',
  'request.invalid_client.what': 'Cette application n’est pas connue ici.',
  'request.invalid_client.todo':
    'Son identifiant client est erroné, ou elle a été retirée. Prévenez ceux qui l’exploitent.',
  'request.invalid_redirect_uri.what':
    'L’application a indiqué une adresse de retour qu’elle n’a pas enregistrée.',
  'request.invalid_redirect_uri.todo':
    'Rien n’a été autorisé. Ses développeurs doivent enregistrer l’adresse exactement comme ils l’envoient.',
  'request.invalid_request.what': 'La demande de l’application est incomplète.',
  'request.invalid_request.todo':
    'Rien n’a été autorisé. Communiquez ce qui suit à ceux qui exploitent l’application.',
  'request.invalid_target.what': 'L’application demande quelque chose qui n’existe pas ici.',
  'request.invalid_target.todo': 'Le serveur a peut-être été retiré. Ajoutez-le de nouveau à l’application.',
  'request.server_error.what': 'Grantry n’a pas pu faire cela pour le moment.',
  'request.server_error.todo': 'Rien n’a été autorisé. Revenez à l’application et réessayez dans un instant.',

  'join.title': 'Rejoindre {workspace}',
  'join.heading': 'Rejoindre {workspace} sur Grantry',
  'join.owner': 'Vous serez propriétaire de cet espace de travail (owner).',
  'join.admin': 'Vous administrerez cet espace de travail (admin).',
  'join.developer': 'Vous développerez dans cet espace de travail (developer).',
  'join.viewer': 'Vous pourrez tout consulter dans cet espace de travail (viewer).',
  'join.name': 'Nom',
  'join.hint': 'Au moins 12 caractères. Quelques mots à la suite conviennent bien.',
  'join.with': 'Rejoindre avec {provider}',
  'join.small': 'Ce lien sert une fois. Rien ne se passe avant l’envoi du formulaire.',
  'join.dead.what': 'Ce lien ne fonctionne plus.',
  'join.dead.todo':
    'Il sert une fois, pendant 7 jours. Si vous avez déjà rejoint l’espace, connectez-vous ; sinon, demandez-en un nouveau.',
}
