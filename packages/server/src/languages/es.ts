import type { Messages } from './messages.ts'

/** Spanish, formal. */
export const es: Messages = {
  'confirm.title': 'Conectar {provider} con {workspace}',
  'confirm.question': '¿Conectar su cuenta de {provider} con {workspace}?',
  'confirm.own': 'La conexión será de {workspace}: podrán usarla todas las personas que trabajan allí.',
  'confirm.whom': 'Se conectará para {person}. Si no es usted, dígalo.',
  'confirm.may': '{workspace} podrá:',
  'confirm.connect': 'Conectar',
  'confirm.not_me': 'No soy yo',
  'confirm.cancel': 'Cancelar',
  'confirm.small':
    'Esto lo gestiona {workspace}. Puede ponerle fin en cualquier momento: allí o en los ajustes de su cuenta de {provider}.',

  'outcome.continue': 'Continuar a {workspace}',
  'outcome.back': 'Volver a {workspace}',
  'outcome.again': 'Volver a intentarlo',
  'outcome.close': 'Cerrar esta ventana',
  'outcome.go_back': 'Volver',
  'outcome.code': 'Código: {code}',
  'outcome.detail': 'Detalle: {detail}',
  'failed.title': 'Sin conectar',
  'finish.title': 'Casi listo',
  'finish.heading': '{workspace} está terminando la conexión.',
  'finish.continue': 'Si no ocurre nada, continúe abajo.',
  'finish.close': 'Si no ocurre nada, cierre esta ventana, vuelva a {workspace} y empiece de nuevo.',
  'done.title': 'Conectado',
  'done.heading': '{provider} está conectado con {workspace}.',
  'done.all': 'Eso es todo.',
  'done.close': 'Puede cerrar esta ventana y volver a {workspace}.',

  'failure.access_denied.what': 'No se dio acceso a {provider}.',
  'failure.access_denied.todo':
    'No se conectó nada. Si fue un descuido, empiece de nuevo y permita el acceso.',
  'failure.not_me.what': 'No se conectó nada.',
  'failure.not_me.todo':
    'Usted indicó que no es su cuenta, así que {workspace} no obtuvo acceso. Puede que {provider} aún lo muestre en los ajustes de su cuenta; quítelo allí.',
  'failure.redirect_uri_mismatch.what':
    '{provider} no conoce la dirección a la que debe devolver a las personas.',
  'failure.redirect_uri_mismatch.todo':
    'Diga a {workspace}: la URI de redirección registrada en {provider} debe ser exactamente la que muestra la integración.',
  'failure.https_required.what': '{provider} solo devuelve a direcciones https.',
  'failure.https_required.todo':
    'Diga a {workspace}: su servidor necesita https, y la nueva URI de redirección debe registrarse en {provider}.',
  'failure.invalid_scope.what': '{provider} no concede uno de los permisos solicitados.',
  'failure.invalid_scope.todo':
    'Diga a {workspace}: active la API de {provider} y añada el permiso en la consola de desarrollo del proveedor.',
  'failure.api_not_enabled.what': 'La API de {provider} no está activada para {workspace}.',
  'failure.api_not_enabled.todo':
    'Diga a {workspace}: active la API de {provider} en la consola de desarrollo, espere unos minutos y empiece de nuevo.',
  'failure.blocked.what': '{provider} no permite que {workspace} conecte esta cuenta.',
  'failure.blocked.todo':
    'Pida a la administración de su cuenta que lo permita, o empiece de nuevo con otra cuenta.',
  'failure.invalid_client.what': '{provider} rechazó el id. de cliente o el secreto de cliente.',
  'failure.invalid_client.todo':
    'Diga a {workspace}: compruebe ambos en la consola de desarrollo del proveedor y guarde de nuevo la integración.',
  'failure.invalid_grant.what': '{provider} ya no acepta el código de autorización.',
  'failure.invalid_grant.todo':
    'Los códigos duran unos minutos y sirven una vez. Empiece de nuevo y siga sin pausas.',
  'failure.invalid_request.what': '{provider} y {workspace} no se entendieron.',
  'failure.invalid_request.todo':
    'No se conectó nada. Empiece de nuevo; si se repite, comunique a {workspace} el código de abajo.',
  'failure.expired.what': 'Tardó demasiado y la autorización ha caducado.',
  'failure.expired.todo': 'No se conectó nada. Empiece de nuevo y siga sin pausas.',
  'failure.conflict.what': 'Esta cuenta no sirve para esta conexión.',
  'failure.conflict.todo':
    'No se cambió nada. El detalle de abajo dice por qué; empiece de nuevo con la cuenta correcta.',
  'failure.already_used.what': 'Este paso ya se hizo.',
  'failure.already_used.todo': 'Si la cuenta aún no está conectada, empiece de nuevo.',
  'failure.quota_exceeded.what': '{workspace} no tiene sitio para otra conexión.',
  'failure.quota_exceeded.todo':
    'No se conectó nada. Diga a {workspace} que su plan no permite más y después empiece de nuevo.',
  'failure.temporarily_unavailable.what': '{provider} está saturado o no responde en este momento.',
  'failure.temporarily_unavailable.todo': 'No se conectó nada. Inténtelo de nuevo en unos minutos.',
  'failure.client_secret_expired.what': 'El secreto de cliente de {workspace} en {provider} ha caducado.',
  'failure.client_secret_expired.todo':
    'Diga a {workspace}: cree un secreto de cliente nuevo en la consola de desarrollo y guárdelo en la integración.',
  'failure.no_refresh_token.what': '{provider} dio acceso solo por poco tiempo.',
  'failure.no_refresh_token.todo':
    'Diga a {workspace}: al conectar hay que pedir acceso sin conexión (offline access).',
  'failure.clock_skew.what': '{provider} y {workspace} no tienen la misma hora.',
  'failure.clock_skew.todo': 'Diga a {workspace}: hay que poner en hora el reloj del servidor.',
  'failure.unusable_answer.what': '{provider} no respondió como un servidor OAuth 2.0.',
  'failure.unusable_answer.todo':
    'No se conectó nada. Inténtelo de nuevo; si continúa, diga a {workspace} que compruebe la URL de token de la integración.',
  'failure.unreachable_address.what': 'La dirección de {provider} no se puede usar desde aquí.',
  'failure.unreachable_address.todo':
    'No se conectó nada. Diga a {workspace} que compruebe las URL de la integración.',
  'failure.unknown.what': '{provider} no completó la conexión.',
  'failure.unknown.todo':
    'No se conectó nada. Empiece de nuevo; si se repite, comunique a {workspace} el código de abajo.',

  'stray.other_session.what': 'Cuando esto empezó, había otra persona con la sesión iniciada.',
  'stray.other_session.todo':
    'No se conectó nada. La sesión cambió entretanto, o es otro navegador: abra el enlace de nuevo.',
  'stray.no_state.what': 'Esta dirección se abrió sin respuesta de un proveedor.',
  'stray.no_state.todo':
    'Los proveedores devuelven aquí a quien permite el acceso. Empiece en la página donde quería conectar.',
  'stray.unknown_state.what': 'Esta respuesta no corresponde a ninguna conexión iniciada aquí.',
  'stray.unknown_state.todo':
    'Empiece de nuevo en la página donde quería conectar. Si alguien le envió este enlace, no lo use.',
  'stray.replayed.what': 'Este paso ya se hizo.',
  'stray.replayed.todo':
    'Si la cuenta aún no está conectada, empiece de nuevo en la página donde quería conectarla.',
  'stray.expired.what': 'Tardó demasiado y este intento ha caducado.',
  'stray.expired.todo':
    'Empiece de nuevo en la página donde quería conectar. En el proveedor tiene diez minutos.',
  'stray.other_choice.what': 'Entretanto se eligió otra cosa.',
  'stray.other_choice.todo':
    'Con esto no se conectó nada. Siga donde eligió por última vez o abra el enlace de nuevo.',

  'over.completed.what': 'Este enlace ya se usó y la cuenta está conectada.',
  'over.completed.todo': 'Puede cerrar esta ventana.',
  'over.failed.what': 'Este intento de conexión ha terminado.',
  'over.failed.todo': 'Empiece de nuevo en la página donde quería conectar.',
  'over.expired.what': 'Este enlace ha caducado.',
  'over.expired.todo': 'Los enlaces sirven 30 minutos. Empiece de nuevo en la página donde quería conectar.',
  'over.unknown.what': 'Este enlace de conexión no es nuestro.',
  'over.unknown.todo': 'Compruebe que se copió entero o pida uno nuevo.',
  'other_person.what': 'Este enlace se hizo para otra persona.',
  'other_person.todo':
    'Solo puede usarlo la persona para quien se hizo. Si es usted con otro nombre, cierre la sesión y ábralo de nuevo.',
  'nobody.what': 'No se sabe quién es usted.',
  'nobody.todo':
    'Empiece en la página donde quería conectar: su enlace indica la sesión que se creó para usted.',
  'unusable_link.what': 'Este enlace no se puede usar.',
  'unusable_link.todo': 'Pida un enlace nuevo a quien le envió aquí.',

  'pick.title': 'Elegir qué conectar con {workspace}',
  'pick.heading': '¿Qué quiere conectar con {workspace}?',
  'pick.lead': 'Elija una opción. {workspace} le preguntará otra vez antes de obtener acceso.',
  'pick.search': 'Buscar',
  'pick.nothing': 'No hay coincidencias. Pruebe con otra palabra.',
  'pick.none.what': 'Aquí ya no hay nada que conectar.',
  'pick.none.todo': 'Diga a {workspace}: lo que este enlace ofrecía se ha retirado.',

  'manage.title': 'Sus cuentas conectadas en {workspace}',
  'manage.none': 'No hay ninguna cuenta conectada. Cuando conecte una en {workspace}, aparecerá aquí.',
  'manage.more': 'Solo se muestran las {count} más recientes.',
  'manage.may': '{workspace} puede:',
  'manage.used': 'Último uso: {when}.',
  'manage.unused': 'Sin uso en los últimos 90 días.',
  'manage.connected': 'Conectada: {when}.',
  'manage.needs_reauth':
    'Esta conexión ha terminado. Vuelva a conectarla para seguir usándola en {workspace}.',
  'manage.pending': 'Esta conexión aún se está preparando.',
  'manage.reconnect': 'Volver a conectar {provider}',
  'manage.disconnect': 'Desconectar {provider}',
  'manage.back': 'Volver a sus cuentas',
  'manage.leave': 'Cerrar esta página',
  'manage.small':
    'Quien abra esta página puede desconectar sus cuentas; por eso se cierra sola a los 30 minutos.',
  'manage.reconnected': 'La cuenta está conectada de nuevo.',
  'manage.not_reconnected': 'La cuenta no se volvió a conectar ({code}).',
  'manage.question': '¿Desconectar {provider} de {workspace}?',
  'manage.effect': '{workspace} ya no podrá usar esta cuenta. No se borra nada de lo guardado en {provider}.',
  'manage.yes': 'Desconectar',
  'manage.keep': 'Conservarla',
  'manage.ended.what': '{provider} está desconectado de {workspace}.',
  'manage.ended.revoked': 'Se avisó a {provider}, que ha puesto fin al acceso.',
  'manage.ended.pending':
    '{workspace} ya no tiene acceso. {provider} aún no lo ha confirmado; se le avisará de nuevo durante 7 días como máximo.',
  'manage.ended.unsupported':
    '{workspace} ya no tiene acceso. No se puede avisar a {provider} desde aquí: quite también {workspace} en los ajustes de su cuenta allí.',
  'manage.ended.shared':
    'Esta conexión ya no tiene acceso. Otra conexión de {workspace} usa la misma cuenta de {provider} y sigue.',
  'manage.gone.what': 'Esta cuenta ya no está conectada.',
  'manage.gone.todo': 'Se desconectó entretanto.',
  'manage.no_way.what': 'Esta cuenta no se puede volver a conectar aquí.',
  'manage.no_way.todo':
    'Diga a {workspace}: la integración que hay detrás no pide permiso a nadie. No se ha cambiado nada.',
  'manage.used_link.what': 'Este enlace ya no funciona.',
  'manage.used_link.todo': 'Sirve una vez, durante 10 minutos. Vuelva adonde lo encontró y ábralo de nuevo.',
  'manage.over.what': 'Esta página se ha cerrado.',
  'manage.over.todo': 'Permanece abierta 30 minutos. Vuelva al lugar de donde venía y ábrala de nuevo.',
  'manage.left.what': 'Esta página está cerrada.',
  'manage.left.todo': 'Sus cuentas quedan como están. Puede cerrar esta ventana.',

  'error.ours.what': 'Grantry no ha podido hacer esto ahora mismo.',
  'error.ours.todo': 'Inténtelo de nuevo en un momento; si continúa, comunique a quien lo gestiona: {code}.',
  'error.busy.what': 'Demasiadas solicitudes.',
  'error.busy.todo': 'Inténtelo de nuevo en {seconds} s.',
  'error.refused.what': 'Esta página no se puede abrir así.',
  'error.refused.todo': 'Vuelva atrás, recargue la página e inténtelo de nuevo.',
  'error.nothing_connected': 'No se conectó nada.',
  'error.nothing_allowed': 'No se permitió nada.',
  'error.nothing_changed': 'No se cambió nada.',

  'sign_in.title': 'Iniciar sesión en {workspace}',
  'sign_in.why': 'Para que {workspace} sepa que es usted.',
  'sign_in.email': 'Correo electrónico',
  'sign_in.password': 'Contraseña',
  'sign_in.submit': 'Iniciar sesión',
  'sign_in.with': 'Iniciar sesión con {provider}',
  'sign_in.or': 'o',
  'sign_in.already': 'Ha iniciado sesión como {person}.',
  'sign_in.yourself': 'usted',
  'sign_in.continue': 'Continuar',
  'sign_in.as_other': 'o con otra cuenta',
  'sign_in.no_account':
    '¿Aún no tiene cuenta? Pida un enlace de invitación a la administración de su espacio de trabajo.',
  'sign_in.runs': 'Esto lo gestiona {workspace}.',
  'sign_in.wrong':
    'Este correo electrónico y esta contraseña no coinciden. Compruebe ambos e inténtelo de nuevo.',
  'sign_in.wait': 'Demasiados intentos. Espere {seconds} s e inténtelo de nuevo.',
  'sign_in.nowhere.what': 'Aquí no se puede iniciar sesión.',
  'sign_in.nowhere.todo':
    '{workspace} no ha preparado un inicio de sesión para sus usuarios. Avíseles o vuelva al lugar de donde venía.',
  'sign_in.nowhere.unknown':
    'El enlace no dice a qué espacio de trabajo pertenece usted. Vuelva atrás y ábralo de nuevo.',
  'sign_out.title': 'Cerrar sesión',
  'sign_out.question': '¿Cerrar la sesión de Grantry?',
  'sign_out.submit': 'Cerrar sesión',
  'sign_out.stay': 'Quedarse',
  'signed_out.what': 'Ha cerrado la sesión.',
  'signed_out.todo': 'Puede cerrar esta ventana.',
  'signed_out.again': 'Iniciar sesión de nuevo',
  'outside.stray.what': 'Este inicio de sesión no puede continuar.',
  'outside.stray.todo':
    'Tardó demasiado, ya se usó o empezó en otro navegador. Inicie sesión de nuevo desde el principio.',
  'outside.declined.what': '{provider} no inició su sesión.',
  'outside.declined.todo':
    'Usted lo rechazó allí o no puede usarlo. Inténtelo de nuevo o inicie sesión de otra forma.',
  'outside.failed.what': '{provider} no pudo iniciar su sesión.',
  'outside.failed.todo':
    'Su respuesta no es de fiar o no se puede usar. Inténtelo de nuevo; si continúa, comunique a la administración de su espacio: {code}.',
  'outside.unknown.what': 'Esta cuenta de {provider} no está vinculada a ningún miembro.',
  'outside.unknown.todo':
    'Abra su enlace de invitación y únase con ella, o inicie sesión con su contraseña y vincúlela en su cuenta.',
  'outside.ended.what': 'Aquello para lo que iniciaba sesión ha terminado.',
  'outside.ended.todo':
    'Su sesión o su invitación ya no existe. Inicie sesión de nuevo o pida otra invitación.',
  'outside.no_email.what': '{provider} no indicó su correo electrónico.',
  'outside.no_email.todo':
    'Abra de nuevo el enlace de registro y elija una contraseña; después podrá vincular esta cuenta.',

  'link.title': 'Iniciar sesión con {provider} de ahora en adelante',
  'link.question': '¿Iniciar sesión con {provider} de ahora en adelante?',
  'link.lead':
    'Inicie sesión en {provider} una vez. Después esa cuenta abre Grantry para {person}, además de las formas actuales.',
  'link.submit': 'Continuar a {provider}',
  'link.later': 'Ahora no',
  'link.small': 'Puede desvincularla en cualquier momento en su cuenta.',

  'consent.title': 'Permitir {app}',
  'consent.question': '¿Permitir que {app} use {target}?',
  'consent.at': '{server} en {workspace}',
  'consent.person': 'Ha iniciado sesión como {person}.',
  'consent.may': '{app} podrá:',
  'consent.withheld': 'Su rol aquí no permite lo que también pidió:',
  'consent.allow': 'Permitir',
  'consent.deny': 'No permitir',
  'consent.destination': 'Después irá a {destination}.',
  'consent.home': '{app} dice que su sitio es {home}.',
  'consent.end': 'Puede ponerle fin en cualquier momento en «Authorised apps» de {workspace}.',
  'consent.device': 'su dispositivo',
  'consent.app_behind': 'la aplicación detrás de {scheme}',
  'consent.which': '¿Qué cuentas puede usar?',
  'consent.own': 'del espacio de trabajo',
  'consent.of': 'de {person}',
  'consent.ticked': 'Solo llega a las que usted marque.',
  'consent.no_accounts':
    'Aún no hay ninguna cuenta conectada: {app} no llegará a ninguna hasta que la permita de nuevo.',
  'consent.warn_command_line':
    'Siga solo si usted acaba de ejecutar «grantry login»: quien lo hizo actuará en su nombre.',
  'consent.warn_any_name':
    'Cualquiera puede registrar una aplicación con cualquier nombre. Siga solo si empezó usted desde {app}.',
  'consent.warn_published': 'Esta aplicación la publica {host}. Siga solo si la conoce.',
  'consent.warn_new': 'Se registró hace solo unos días.',
  'consent.warn_local':
    'Funciona en su propio equipo: cualquier programa de allí podría haber preguntado en su nombre.',
  'consent.other.what': '{app} pertenece a otro espacio de trabajo.',
  'consent.other.todo':
    'Ha iniciado sesión como {person} en {workspace}. Para seguir, inicie sesión donde está {app}.',
  'consent.other.submit': 'Iniciar sesión allí',
  'consent.members.what': 'La línea de comandos es para miembros.',
  'consent.members.todo':
    'Ha iniciado sesión como {person}, que no es miembro aquí. No se permitió nada. Inicie sesión como miembro y escriba el código de nuevo.',
  'consent.over.what': 'Esta solicitud ha terminado.',
  'consent.over.todo':
    'Ya se respondió, esperó demasiado o empezó en otro navegador. Empiece de nuevo en la aplicación.',
  'scope.openid': 'saber quién es usted aquí',
  'scope.profile': 'ver su nombre',
  'scope.email': 'ver su correo electrónico',
  'scope.offline_access': 'seguir conectada mientras usted no está',
  'scope.account:read': 'ver su cuenta, su plan y sus funciones',
  'scope.connections:read': 'ver las cuentas que ha conectado',
  'scope.connections:write': 'conectar, renovar y desconectar cuentas',
  'scope.tokens:read':
    'obtener tokens de acceso de sus cuentas conectadas y hacer con ellos todo lo que permiten',
  'scope.proxy:call': 'llamar a los servicios de sus cuentas conectadas',
  'scope.mcp:read': 'leer con sus herramientas',
  'scope.mcp:write': 'leer, cambiar y enviar con sus herramientas',
  'scope.workspace': 'hacer aquí todo lo que usted puede, incluso obtener tokens de las cuentas conectadas',

  'device.title': 'Conectar un dispositivo',
  'device.lead': 'Escriba el código que muestra el dispositivo o el terminal.',
  'device.code': 'Código',
  'device.continue': 'Continuar',
  'device.small': 'Escriba solo un código que haya pedido usted, en un dispositivo que tenga delante.',
  'device.aborted': 'No lo permitió. El dispositivo ya lo sabe.',
  'device.not_found': 'Ningún dispositivo espera con este código. Mírelo otra vez y escríbalo tal cual.',
  'device.expired': 'Este código es demasiado antiguo. Pida uno nuevo al dispositivo.',
  'device.used': 'Este código ya se usó. Pida uno nuevo al dispositivo.',
  'device.failed': 'No ha funcionado. Escriba el código de nuevo.',
  'device.is_it.title': '¿Es su dispositivo?',
  'device.is_it.question': '¿Muestra su dispositivo este código?',
  'device.is_it.lead':
    '{app} pide conectarse. Si no lo acaba de pedir usted, puede que alguien intente entrar en su cuenta.',
  'device.is_it.yes': 'Sí, continuar',
  'device.is_it.no': 'No, no es mío',
  'device.done.title': 'Dispositivo conectado',
  'device.done.what': '{app}: conexión hecha.',
  'device.done.todo': 'Vuelva allí: continúa por sí solo. Puede cerrar esta ventana.',
  'device.an_app': 'Una aplicación',
  'device.the_device': 'El dispositivo',
  'request.title': 'No ha funcionado',
  'request.unknown.what': 'Esta solicitud no se puede responder.',
  'request.unknown.todo': 'Empiece de nuevo en la aplicación. Si continúa, avise a quien la gestiona.',
  'request.invalid_client.what': 'Esta aplicación no se conoce aquí.',
  'request.invalid_client.todo':
    'Su id. de cliente es erróneo o se retiró. Avise a quien gestiona la aplicación.',
  'request.invalid_redirect_uri.what': 'La aplicación indicó una dirección de vuelta que no ha registrado.',
  'request.invalid_redirect_uri.todo':
    'No se permitió nada. Sus desarrolladores deben registrar la dirección tal como la envían.',
  'request.invalid_request.what': 'La solicitud de la aplicación no está completa.',
  'request.invalid_request.todo':
    'No se permitió nada. Comunique lo de abajo a quien gestiona la aplicación.',
  'request.invalid_target.what': 'La aplicación pide algo que no existe aquí.',
  'request.invalid_target.todo': 'Puede que el servidor se haya retirado. Añádalo de nuevo a la aplicación.',
  'request.server_error.what': 'Grantry no ha podido hacer esto ahora mismo.',
  'request.server_error.todo':
    'No se permitió nada. Vuelva a la aplicación e inténtelo de nuevo en un momento.',

  'join.title': 'Unirse a {workspace}',
  'join.heading': 'Unirse a {workspace} en Grantry',
  'join.owner': 'Este espacio de trabajo será suyo (owner).',
  'join.admin': 'Usted administrará este espacio de trabajo (admin).',
  'join.developer': 'Usted desarrollará en este espacio de trabajo (developer).',
  'join.viewer': 'Usted podrá ver todo en este espacio de trabajo (viewer).',
  'join.name': 'Nombre',
  'join.hint': 'Al menos 12 caracteres. Unas cuantas palabras seguidas sirven.',
  'join.with': 'Unirse con {provider}',
  'join.small': 'Este enlace sirve una vez. No ocurre nada hasta que envíe el formulario.',
  'join.dead.what': 'Este enlace ya no funciona.',
  'join.dead.todo': 'Sirve una vez, durante 7 días. Si ya se unió, inicie sesión; si no, pida uno nuevo.',
}
