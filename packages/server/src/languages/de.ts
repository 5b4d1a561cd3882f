import type { Messages } from './messages.ts'

/** German, formal. */
export const de: Messages = {
  'confirm.title': '{provider} mit {workspace} verbinden',
  'confirm.question': 'Ihr {provider}-Konto mit {workspace} verbinden?',
  'confirm.own': 'Die Verbindung gehört dann {workspace} selbst: Alle, die dort arbeiten, können sie nutzen.',
  'confirm.whom': 'Verbunden wird es für {person}. Wenn Sie das nicht sind, sagen Sie es bitte.',
  'confirm.may': '{workspace} darf dann:',
  'confirm.connect': 'Verbinden',
  'confirm.not_me': 'Das bin ich nicht',
  'confirm.cancel': 'Abbrechen',
  'confirm.small':
    'Dies betreibt {workspace}. Sie können es jederzeit beenden: dort oder in den Einstellungen Ihres {provider}-Kontos.',

  'outcome.continue': 'Weiter zu {workspace}',
  'outcome.back': 'Zurück zu {workspace}',
  'outcome.again': 'Noch einmal versuchen',
  'outcome.close': 'Fenster schließen',
  'outcome.go_back': 'Zurück',
  'outcome.code': 'Code: {code}',
  'outcome.detail': 'Einzelheit: {detail}',
  'failed.title': 'Nicht verbunden',
  'finish.title': 'Gleich fertig',
  'finish.heading': '{workspace} schließt die Verbindung ab.',
  'finish.continue': 'Wenn nichts geschieht, gehen Sie unten weiter.',
  'finish.close':
    'Wenn nichts geschieht, schließen Sie dieses Fenster und beginnen Sie bei {workspace} noch einmal.',
  'done.title': 'Verbunden',
  'done.heading': '{provider} ist mit {workspace} verbunden.',
  'done.all': 'Das war alles.',
  'done.close': 'Sie können dieses Fenster schließen und zu {workspace} zurückkehren.',

  'failure.access_denied.what': 'Der Zugriff auf {provider} wurde nicht erlaubt.',
  'failure.access_denied.todo':
    'Es wurde nichts verbunden. War das ein Versehen, beginnen Sie noch einmal und erlauben Sie den Zugriff.',
  'failure.not_me.what': 'Es wurde nichts verbunden.',
  'failure.not_me.todo':
    'Sie haben gesagt, dass Sie das nicht sind; {workspace} hat keinen Zugriff bekommen. Vielleicht steht er noch in den Einstellungen Ihres Kontos bei {provider}; entfernen Sie ihn dort.',
  'failure.redirect_uri_mismatch.what':
    '{provider} kennt die Adresse nicht, an die es Sie zurückschicken soll.',
  'failure.redirect_uri_mismatch.todo':
    'Sagen Sie {workspace}: Die bei {provider} eingetragene Redirect-URI muss genau die sein, die die Integration zeigt.',
  'failure.https_required.what': '{provider} schickt nur an https-Adressen zurück.',
  'failure.https_required.todo':
    'Sagen Sie {workspace}: Der Server braucht https, und die neue Redirect-URI muss bei {provider} eingetragen werden.',
  'failure.invalid_scope.what': '{provider} gewährt eine der erbetenen Berechtigungen nicht.',
  'failure.invalid_scope.todo':
    'Sagen Sie {workspace}: In der Entwicklerkonsole des Anbieters ist die API von {provider} einzuschalten und die Berechtigung einzutragen.',
  'failure.api_not_enabled.what': 'Die API von {provider} ist für {workspace} nicht eingeschaltet.',
  'failure.api_not_enabled.todo':
    'Sagen Sie {workspace}: Die API von {provider} in der Entwicklerkonsole einschalten, einige Minuten warten, dann neu beginnen.',
  'failure.blocked.what': '{provider} lässt nicht zu, dass {workspace} dieses Konto verbindet.',
  'failure.blocked.todo':
    'Bitten Sie die Verwaltung Ihres Kontos, es zu erlauben, oder beginnen Sie mit einem anderen Konto.',
  'failure.invalid_client.what': '{provider} hat die Client-ID oder das Client-Secret abgelehnt.',
  'failure.invalid_client.todo':
    'Sagen Sie {workspace}: beides mit der Entwicklerkonsole des Anbieters vergleichen und die Integration neu speichern.',
  'failure.invalid_grant.what': '{provider} nimmt den Autorisierungscode nicht mehr an.',
  'failure.invalid_grant.todo':
    'Codes gelten wenige Minuten und nur einmal. Beginnen Sie neu und gehen Sie ohne Pause durch.',
  'failure.invalid_request.what': '{provider} und {workspace} haben einander nicht verstanden.',
  'failure.invalid_request.todo':
    'Es wurde nichts verbunden. Beginnen Sie neu; kommt es wieder vor, nennen Sie {workspace} den Code unten.',
  'failure.expired.what': 'Es hat zu lange gedauert; die Autorisierung ist abgelaufen.',
  'failure.expired.todo': 'Es wurde nichts verbunden. Beginnen Sie neu und gehen Sie ohne Pause durch.',
  'failure.conflict.what': 'Dieses Konto passt nicht zu dieser Verbindung.',
  'failure.conflict.todo':
    'Es wurde nichts geändert. Warum, steht unten; beginnen Sie neu mit dem richtigen Konto.',
  'failure.already_used.what': 'Dieser Schritt ist schon geschehen.',
  'failure.already_used.todo': 'Ist das Konto noch nicht verbunden, beginnen Sie neu.',
  'failure.quota_exceeded.what': '{workspace} hat keinen Platz für eine weitere Verbindung.',
  'failure.quota_exceeded.todo':
    'Es wurde nichts verbunden. Sagen Sie {workspace}: Der Tarif erlaubt nicht mehr; beginnen Sie danach neu.',
  'failure.temporarily_unavailable.what': '{provider} ist gerade überlastet oder nicht erreichbar.',
  'failure.temporarily_unavailable.todo':
    'Es wurde nichts verbunden. Versuchen Sie es in ein paar Minuten noch einmal.',
  'failure.client_secret_expired.what': 'Das Client-Secret von {workspace} bei {provider} ist abgelaufen.',
  'failure.client_secret_expired.todo':
    'Sagen Sie {workspace}: In der Entwicklerkonsole ein neues Client-Secret anlegen und in der Integration speichern.',
  'failure.no_refresh_token.what': '{provider} hat den Zugriff nur für kurze Zeit gegeben.',
  'failure.no_refresh_token.todo':
    'Sagen Sie {workspace}: Beim Verbinden muss um dauerhaften Zugriff (offline access) gebeten werden.',
  'failure.clock_skew.what': '{provider} und {workspace} sind sich über die Uhrzeit uneinig.',
  'failure.clock_skew.todo': 'Sagen Sie {workspace}: Die Uhr des Servers muss gestellt werden.',
  'failure.unusable_answer.what': '{provider} hat nicht wie ein OAuth-2.0-Server geantwortet.',
  'failure.unusable_answer.todo':
    'Es wurde nichts verbunden. Versuchen Sie es noch einmal; bleibt es so, soll {workspace} die Token-URL der Integration prüfen.',
  'failure.unreachable_address.what': 'Die Adresse von {provider} ist von hier aus nicht nutzbar.',
  'failure.unreachable_address.todo':
    'Es wurde nichts verbunden. Sagen Sie {workspace}, die URLs der Integration zu prüfen.',
  'failure.unknown.what': '{provider} hat die Verbindung nicht abgeschlossen.',
  'failure.unknown.todo':
    'Es wurde nichts verbunden. Beginnen Sie neu; kommt es wieder vor, nennen Sie {workspace} den Code unten.',

  'stray.other_session.what': 'Als dies begann, war jemand anderes angemeldet.',
  'stray.other_session.todo':
    'Es wurde nichts verbunden. Jemand hat sich inzwischen an- oder abgemeldet, oder es ist ein anderer Browser: Öffnen Sie den Link erneut.',
  'stray.no_state.what': 'Diese Adresse wurde ohne Antwort eines Anbieters geöffnet.',
  'stray.no_state.todo':
    'Hierher schicken Anbieter zurück, wer den Zugriff erlaubt hat. Beginnen Sie auf der Seite, auf der Sie verbinden wollten.',
  'stray.unknown_state.what': 'Diese Antwort gehört zu keiner Verbindung, die hier begonnen wurde.',
  'stray.unknown_state.todo':
    'Beginnen Sie neu auf der Seite, auf der Sie verbinden wollten. Hat Ihnen jemand diesen Link geschickt, benutzen Sie ihn nicht.',
  'stray.replayed.what': 'Dieser Schritt ist schon geschehen.',
  'stray.replayed.todo':
    'Ist das Konto noch nicht verbunden, beginnen Sie neu auf der Seite, auf der Sie verbinden wollten.',
  'stray.expired.what': 'Es hat zu lange gedauert; dieser Versuch ist abgelaufen.',
  'stray.expired.todo':
    'Beginnen Sie neu auf der Seite, auf der Sie verbinden wollten. Beim Anbieter haben Sie zehn Minuten.',
  'stray.other_choice.what': 'Inzwischen wurde etwas anderes gewählt.',
  'stray.other_choice.todo':
    'Hierdurch wurde nichts verbunden. Machen Sie dort weiter, wo Sie zuletzt gewählt haben, oder öffnen Sie den Link erneut.',

  'over.completed.what': 'Dieser Link wurde benutzt, und das Konto ist verbunden.',
  'over.completed.todo': 'Sie können dieses Fenster schließen.',
  'over.failed.what': 'Dieser Versuch zu verbinden ist beendet.',
  'over.failed.todo': 'Beginnen Sie neu auf der Seite, auf der Sie verbinden wollten.',
  'over.expired.what': 'Dieser Link ist abgelaufen.',
  'over.expired.todo':
    'Links gelten 30 Minuten. Beginnen Sie neu auf der Seite, auf der Sie verbinden wollten.',
  'over.unknown.what': 'Dieser Link ist keiner von uns.',
  'over.unknown.todo': 'Prüfen Sie, ob er ganz kopiert wurde, oder bitten Sie um einen neuen.',
  'other_person.what': 'Dieser Link ist für jemand anderen bestimmt.',
  'other_person.todo':
    'Nur die Person, für die er gemacht wurde, kann ihn benutzen. Sind Sie das unter anderem Namen, melden Sie sich ab und öffnen Sie ihn erneut.',
  'nobody.what': 'Es ist nicht bekannt, wer Sie sind.',
  'nobody.todo':
    'Beginnen Sie auf der Seite, auf der Sie verbinden wollten: Ihr Link nennt den Vorgang, der für Sie angelegt wurde.',
  'unusable_link.what': 'Dieser Link kann nicht benutzt werden.',
  'unusable_link.todo': 'Bitten Sie dort, wo Sie ihn bekommen haben, um einen neuen Link.',

  'pick.title': 'Wählen, was mit {workspace} verbunden wird',
  'pick.heading': 'Was möchten Sie mit {workspace} verbinden?',
  'pick.lead': 'Wählen Sie eines. {workspace} fragt Sie noch einmal, bevor es Zugriff bekommt.',
  'pick.search': 'Suchen',
  'pick.nothing': 'Nichts passt. Versuchen Sie ein anderes Wort.',
  'pick.none.what': 'Hier gibt es nichts mehr zu verbinden.',
  'pick.none.todo': 'Sagen Sie {workspace}: Was dieser Link anbot, wurde entfernt.',

  'manage.title': 'Ihre verbundenen Konten bei {workspace}',
  'manage.none': 'Es ist kein Konto verbunden. Wenn Sie bei {workspace} eines verbinden, steht es hier.',
  'manage.more': 'Nur die neuesten {count} werden gezeigt.',
  'manage.may': '{workspace} darf:',
  'manage.used': 'Zuletzt verwendet: {when}.',
  'manage.unused': 'In den letzten 90 Tagen nicht verwendet.',
  'manage.connected': 'Verbunden: {when}.',
  'manage.needs_reauth':
    'Diese Verbindung ist beendet. Verbinden Sie neu, um sie bei {workspace} weiter zu nutzen.',
  'manage.pending': 'Diese Verbindung wird noch eingerichtet.',
  'manage.reconnect': '{provider} neu verbinden',
  'manage.disconnect': '{provider} trennen',
  'manage.back': 'Zurück zu Ihren Konten',
  'manage.leave': 'Diese Seite schließen',
  'manage.small':
    'Wer diese Seite öffnet, kann Ihre Konten trennen. Deshalb schließt sie sich nach 30 Minuten von selbst.',
  'manage.reconnected': 'Das Konto ist wieder verbunden.',
  'manage.not_reconnected': 'Das Konto wurde nicht neu verbunden ({code}).',
  'manage.question': '{provider} von {workspace} trennen?',
  'manage.effect':
    '{workspace} kann dieses Konto dann nicht mehr nutzen. Bei {provider} wird nichts gelöscht.',
  'manage.yes': 'Trennen',
  'manage.keep': 'Behalten',
  'manage.ended.what': '{provider} ist von {workspace} getrennt.',
  'manage.ended.revoked': '{provider} wurde benachrichtigt und hat den Zugriff beendet.',
  'manage.ended.pending':
    '{workspace} hat keinen Zugriff mehr. {provider} hat es noch nicht bestätigt; es wird bis zu 7 Tage lang weiter benachrichtigt.',
  'manage.ended.unsupported':
    '{workspace} hat keinen Zugriff mehr. {provider} lässt sich von hier nicht benachrichtigen: Entfernen Sie {workspace} auch dort in den Einstellungen Ihres Kontos.',
  'manage.ended.shared':
    'Diese Verbindung hat keinen Zugriff mehr. Eine andere Verbindung von {workspace} nutzt dasselbe {provider}-Konto und läuft weiter.',
  'manage.gone.what': 'Dieses Konto ist nicht mehr verbunden.',
  'manage.gone.todo': 'Es wurde inzwischen getrennt.',
  'manage.no_way.what': 'Dieses Konto lässt sich hier nicht neu verbinden.',
  'manage.no_way.todo':
    'Sagen Sie {workspace}: Die Integration dahinter fragt niemanden um Zustimmung. Es wurde nichts geändert.',
  'manage.used_link.what': 'Dieser Link gilt nicht mehr.',
  'manage.used_link.todo':
    'Er gilt einmal und 10 Minuten lang. Gehen Sie dorthin zurück, wo Sie ihn gefunden haben, und öffnen Sie ihn erneut.',
  'manage.over.what': 'Diese Seite wurde geschlossen.',
  'manage.over.todo':
    'Sie bleibt 30 Minuten offen. Gehen Sie dorthin zurück, wo Sie herkamen, und öffnen Sie sie erneut.',
  'manage.left.what': 'Diese Seite ist geschlossen.',
  'manage.left.todo': 'Ihre Konten bleiben, wie sie sind. Sie können dieses Fenster schließen.',

  'error.ours.what': 'Grantry konnte das gerade nicht tun.',
  'error.ours.todo': 'Versuchen Sie es gleich noch einmal; bleibt es so, nennen Sie dem Betreiber: {code}.',
  'error.busy.what': 'Zu viele Anfragen.',
  'error.busy.todo': 'Versuchen Sie es in {seconds} s noch einmal.',
  'error.refused.what': 'So lässt sich diese Seite nicht öffnen.',
  'error.refused.todo': 'Gehen Sie zurück, laden Sie die Seite dort neu und versuchen Sie es noch einmal.',
  'error.nothing_connected': 'Es wurde nichts verbunden.',
  'error.nothing_allowed': 'Es wurde nichts erlaubt.',
  'error.nothing_changed': 'Es wurde nichts geändert.',

  'sign_in.title': 'Bei {workspace} anmelden',
  'sign_in.why': 'Damit {workspace} weiß, dass Sie es sind.',
  'sign_in.email': 'E-Mail',
  'sign_in.password': 'Passwort',
  'sign_in.submit': 'Anmelden',
  'sign_in.with': 'Mit {provider} anmelden',
  'sign_in.or': 'oder',
  'sign_in.already': 'Sie sind angemeldet als {person}.',
  'sign_in.yourself': 'Sie selbst',
  'sign_in.continue': 'Weiter',
  'sign_in.as_other': 'oder als jemand anderes',
  'sign_in.no_account': 'Noch kein Konto? Bitten Sie die Verwaltung Ihres Workspace um einen Einladungslink.',
  'sign_in.runs': 'Dies betreibt {workspace}.',
  'sign_in.wrong':
    'Diese E-Mail-Adresse und dieses Passwort passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.',
  'sign_in.wait': 'Zu viele Versuche. Warten Sie {seconds} s und versuchen Sie es dann noch einmal.',
  'sign_in.nowhere.what': 'Hier kann man sich nicht anmelden.',
  'sign_in.nowhere.todo':
    '{workspace} hat keine Anmeldung für seine Nutzer eingerichtet. Sagen Sie dort Bescheid oder gehen Sie zurück.',
  'sign_in.nowhere.unknown':
    'Der Link sagt nicht, zu welchem Workspace Sie gehören. Gehen Sie zurück und öffnen Sie ihn erneut.',
  'sign_out.title': 'Abmelden',
  'sign_out.question': 'Von Grantry abmelden?',
  'sign_out.submit': 'Abmelden',
  'sign_out.stay': 'Bleiben',
  'signed_out.what': 'Sie sind abgemeldet.',
  'signed_out.todo': 'Sie können dieses Fenster schließen.',
  'signed_out.again': 'Wieder anmelden',
  'outside.stray.what': 'Diese Anmeldung kann nicht weitergehen.',
  'outside.stray.todo':
    'Es hat zu lange gedauert, wurde schon benutzt oder begann in einem anderen Browser. Melden Sie sich neu an.',
  'outside.declined.what': '{provider} hat Sie nicht angemeldet.',
  'outside.declined.todo':
    'Sie haben dort abgelehnt oder dürfen dies nicht nutzen. Versuchen Sie es noch einmal oder melden Sie sich anders an.',
  'outside.failed.what': '{provider} konnte Sie nicht anmelden.',
  'outside.failed.todo':
    'Die Antwort ist nicht vertrauenswürdig oder nicht brauchbar. Versuchen Sie es noch einmal; bleibt es so, nennen Sie der Verwaltung Ihres Workspace: {code}.',
  'outside.unknown.what': 'Dieses Konto bei {provider} ist mit keinem Mitglied verknüpft.',
  'outside.unknown.todo':
    'Treten Sie damit über Ihren Einladungslink bei, oder melden Sie sich mit Ihrem Passwort an und verknüpfen Sie es in Ihrem Konto.',
  'outside.ended.what': 'Wofür diese Anmeldung war, gibt es nicht mehr.',
  'outside.ended.todo':
    'Ihre Sitzung oder Ihre Einladung ist nicht mehr da. Melden Sie sich neu an oder bitten Sie um eine neue Einladung.',
  'outside.no_email.what': '{provider} hat Ihre E-Mail-Adresse nicht genannt.',
  'outside.no_email.todo':
    'Öffnen Sie den Registrierungslink erneut und wählen Sie ein Passwort; das Konto können Sie danach verknüpfen.',

  'link.title': 'Künftig mit {provider} anmelden',
  'link.question': 'Künftig mit {provider} anmelden?',
  'link.lead':
    'Sie melden sich einmal bei {provider} an. Danach öffnet jenes Konto Grantry für {person}, neben den bisherigen Wegen.',
  'link.submit': 'Weiter zu {provider}',
  'link.later': 'Jetzt nicht',
  'link.small': 'Sie können die Verknüpfung jederzeit in Ihrem Konto lösen.',

  'consent.title': '{app} erlauben',
  'consent.question': 'Darf {app} {target} nutzen?',
  'consent.at': '{server} bei {workspace}',
  'consent.person': 'Sie sind angemeldet als {person}.',
  'consent.may': '{app} darf dann:',
  'consent.withheld': 'Ihre Rolle hier lässt nicht zu, worum außerdem gebeten wurde:',
  'consent.allow': 'Erlauben',
  'consent.deny': 'Nicht erlauben',
  'consent.destination': 'Danach geht es weiter zu {destination}.',
  'consent.home': '{app} gibt als eigene Seite {home} an.',
  'consent.end': 'Sie können dies jederzeit in {workspace} unter „Authorised apps“ beenden.',
  'consent.device': 'Ihrem Gerät',
  'consent.app_behind': 'der App hinter {scheme}',
  'consent.which': 'Welche Konten darf sie nutzen?',
  'consent.own': 'gehört dem Workspace',
  'consent.of': 'von {person}',
  'consent.ticked': 'Sie erreicht nur, was Sie ankreuzen.',
  'consent.no_accounts':
    'Es ist noch kein Konto verbunden: {app} erreicht keines, bis Sie es erneut erlauben.',
  'consent.warn_command_line':
    'Machen Sie nur weiter, wenn Sie selbst gerade „grantry login“ gestartet haben: Wer es tat, handelt in Ihrem Namen.',
  'consent.warn_any_name':
    'Jeder kann eine App unter jedem Namen anmelden. Machen Sie nur weiter, wenn Sie dies selbst in {app} begonnen haben.',
  'consent.warn_published':
    'Diese App wird von {host} veröffentlicht. Machen Sie nur weiter, wenn Sie sie kennen.',
  'consent.warn_new': 'Sie wurde erst vor wenigen Tagen angemeldet.',
  'consent.warn_local':
    'Sie läuft auf Ihrem eigenen Rechner: Jedes Programm dort hätte in ihrem Namen fragen können.',
  'consent.other.what': '{app} gehört zu einem anderen Workspace.',
  'consent.other.todo':
    'Sie sind als {person} bei {workspace} angemeldet. Melden Sie sich dort an, wohin {app} gehört.',
  'consent.other.submit': 'Dort anmelden',
  'consent.members.what': 'Die Kommandozeile ist für Mitglieder.',
  'consent.members.todo':
    'Sie sind angemeldet als {person} und hier kein Mitglied. Es wurde nichts erlaubt. Melden Sie sich als Mitglied an und geben Sie den Code erneut ein.',
  'consent.over.what': 'Diese Anfrage ist vorbei.',
  'consent.over.todo':
    'Sie wurde schon beantwortet, hat zu lange gewartet oder begann in einem anderen Browser. Beginnen Sie in der App noch einmal.',
  'scope.openid': 'wissen, wer Sie hier sind',
  'scope.profile': 'Ihren Namen sehen',
  'scope.email': 'Ihre E-Mail-Adresse sehen',
  'scope.offline_access': 'verbunden bleiben, während Sie fort sind',
  'scope.account:read': 'Ihr Konto, dessen Tarif und Funktionen sehen',
  'scope.connections:read': 'die Konten sehen, die Sie verbunden haben',
  'scope.connections:write': 'Konten verbinden, erneuern und trennen',
  'scope.tokens:read': 'Zugriffstoken Ihrer verbundenen Konten holen und damit alles tun, was diese erlauben',
  'scope.proxy:call': 'die Dienste hinter Ihren verbundenen Konten aufrufen',
  'scope.mcp:read': 'mit Ihren Werkzeugen lesen',
  'scope.mcp:write': 'mit Ihren Werkzeugen lesen, ändern und senden',
  'scope.workspace': 'hier alles tun, was Sie dürfen, auch Token der verbundenen Konten holen',

  'device.title': 'Ein Gerät verbinden',
  'device.lead': 'Geben Sie den Code ein, den das Gerät oder das Terminal zeigt.',
  'device.code': 'Code',
  'device.continue': 'Weiter',
  'device.small':
    'Geben Sie nur einen Code ein, den Sie selbst angefordert haben, auf einem Gerät vor Ihnen.',
  'device.aborted': 'Sie haben es nicht erlaubt. Das Gerät weiß Bescheid.',
  'device.not_found':
    'Kein Gerät wartet mit diesem Code. Sehen Sie noch einmal nach und geben Sie ihn genau so ein.',
  'device.expired': 'Dieser Code ist zu alt. Lassen Sie das Gerät einen neuen zeigen.',
  'device.used': 'Dieser Code wurde schon benutzt. Lassen Sie das Gerät einen neuen zeigen.',
  'device.failed': 'Das hat nicht geklappt. Geben Sie den Code noch einmal ein.',
  'device.is_it.title': 'Ist das Ihr Gerät?',
  'device.is_it.question': 'Zeigt Ihr Gerät diesen Code?',
  'device.is_it.lead':
    '{app} möchte verbunden werden. Haben Sie das nicht gerade selbst begonnen, versucht vielleicht jemand, in Ihr Konto zu kommen.',
  'device.is_it.yes': 'Ja, weiter',
  'device.is_it.no': 'Nein, das ist nicht meins',
  'device.done.title': 'Gerät verbunden',
  'device.done.what': '{app} ist verbunden.',
  'device.done.todo':
    'Gehen Sie dorthin zurück: Es geht von selbst weiter. Sie können dieses Fenster schließen.',
  'device.an_app': 'Eine App',
  'device.the_device': 'Das Gerät',
  'request.title': 'Das hat nicht geklappt',
  'request.unknown.what': 'Diese Anfrage kann nicht beantwortet werden.',
  'request.unknown.todo':
    'Beginnen Sie in der App noch einmal. Bleibt es so, sagen Sie deren Betreiber Bescheid.',
  'request.invalid_client.what': 'Diese App ist hier nicht bekannt.',
  'request.invalid_client.todo':
    'Ihre Client-ID ist falsch, oder sie wurde entfernt. Sagen Sie dem Betreiber der App Bescheid.',
  'request.invalid_redirect_uri.what':
    'Die App hat eine Rücksprungadresse genannt, die sie nicht angemeldet hat.',
  'request.invalid_redirect_uri.todo':
    'Es wurde nichts erlaubt. Ihre Entwickler müssen die Adresse genau so anmelden, wie sie sie senden.',
  'request.invalid_request.what': 'Die Anfrage der App ist nicht vollständig.',
  'request.invalid_request.todo':
    'Es wurde nichts erlaubt. Sagen Sie dem Betreiber der App, was unten steht.',
  'request.invalid_target.what': 'Die App fragt nach etwas, das es hier nicht gibt.',
  'request.invalid_target.todo': 'Vielleicht wurde der Server entfernt. Fügen Sie ihn der App neu hinzu.',
  'request.server_error.what': 'Grantry konnte das gerade nicht tun.',
  'request.server_error.todo':
    'Es wurde nichts erlaubt. Gehen Sie zur App zurück und versuchen Sie es gleich noch einmal.',

  'join.title': '{workspace} beitreten',
  'join.heading': '{workspace} auf Grantry beitreten',
  'join.owner': 'Ihnen wird dieser Workspace gehören (owner).',
  'join.admin': 'Sie werden diesen Workspace verwalten (admin).',
  'join.developer': 'Sie werden in diesem Workspace entwickeln (developer).',
  'join.viewer': 'Sie werden in diesem Workspace alles sehen können (viewer).',
  'join.name': 'Name',
  'join.hint': 'Mindestens 12 Zeichen. Einige Wörter hintereinander sind gut.',
  'join.with': 'Mit {provider} beitreten',
  'join.small': 'Dieser Link gilt einmal. Nichts geschieht, bis Sie das Formular abschicken.',
  'join.dead.what': 'Dieser Link gilt nicht mehr.',
  'join.dead.todo':
    'Er gilt einmal und 7 Tage lang. Sind Sie schon beigetreten, melden Sie sich an; sonst bitten Sie um einen neuen.',
}
