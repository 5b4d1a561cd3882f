import type { Messages } from './messages.ts'

/** Japanese, polite (です・ます). */
export const ja: Messages = {
  'confirm.title': '{provider} を {workspace} に接続',
  'confirm.question': '{provider} のアカウントを {workspace} に接続しますか？',
  'confirm.own': 'この接続は {workspace} のものになり、そこで働く全員が使えるようになります。',
  'confirm.whom': 'この接続は {person} のものになります。ご本人でない場合は、そのようにお知らせください。',
  'confirm.may': '{workspace} は次のことができるようになります。',
  'confirm.connect': '接続する',
  'confirm.not_me': '本人ではありません',
  'confirm.cancel': 'キャンセル',
  'confirm.small':
    'これは {workspace} が運営しています。{workspace} または {provider} のアカウント設定から、いつでも終了できます。',

  'outcome.continue': '{workspace} へ進む',
  'outcome.back': '{workspace} に戻る',
  'outcome.again': 'もう一度試す',
  'outcome.close': 'このウィンドウを閉じる',
  'outcome.go_back': '戻る',
  'outcome.code': 'コード: {code}',
  'outcome.detail': '詳細: {detail}',
  'failed.title': '接続されていません',
  'finish.title': 'もうすぐ完了します',
  'finish.heading': '{workspace} が接続の最終処理をしています。',
  'finish.continue': '何も起こらない場合は、下から進んでください。',
  'finish.close': '何も起こらない場合は、このウィンドウを閉じて {workspace} に戻り、もう一度始めてください。',
  'done.title': '接続しました',
  'done.heading': '{provider} を {workspace} に接続しました。',
  'done.all': 'これで完了です。',
  'done.close': 'このウィンドウを閉じて {workspace} に戻れます。',

  'failure.access_denied.what': '{provider} へのアクセスは許可されませんでした。',
  'failure.access_denied.todo':
    '何も接続していません。誤って操作した場合は、もう一度始めてアクセスを許可してください。',
  'failure.not_me.what': '何も接続していません。',
  'failure.not_me.todo':
    'ご本人ではないとのことでしたので、{workspace} はアクセスを得ていません。{provider} のアカウント設定にまだ表示されている場合は、そこで削除してください。',
  'failure.redirect_uri_mismatch.what': '{provider} は、戻り先のアドレスを認識していません。',
  'failure.redirect_uri_mismatch.todo':
    '{workspace} に次のことをお伝えください。{provider} に登録したリダイレクト URI は、連携の画面に表示されるものと完全に一致している必要があります。',
  'failure.https_required.what': '{provider} は https のアドレスにしか戻しません。',
  'failure.https_required.todo':
    '{workspace} に次のことをお伝えください。サーバーに https が必要です。新しいリダイレクト URI を {provider} に登録してください。',
  'failure.invalid_scope.what': '{provider} は、求められた権限の一つを許可していません。',
  'failure.invalid_scope.todo':
    '{workspace} に次のことをお伝えください。提供元の開発者コンソールで {provider} の API を有効にし、権限を追加してください。',
  'failure.api_not_enabled.what': '{provider} の API が {workspace} では有効になっていません。',
  'failure.api_not_enabled.todo':
    '{workspace} に次のことをお伝えください。開発者コンソールで {provider} の API を有効にし、数分待ってから、もう一度始めてください。',
  'failure.blocked.what': '{provider} は、{workspace} がこのアカウントに接続することを許可していません。',
  'failure.blocked.todo': 'アカウントの管理者に許可を依頼するか、別のアカウントでもう一度始めてください。',
  'failure.invalid_client.what':
    '{provider} がクライアント ID またはクライアントシークレットを拒否しました。',
  'failure.invalid_client.todo':
    '{workspace} に次のことをお伝えください。提供元の開発者コンソールで両方を確認し、連携を保存し直してください。',
  'failure.invalid_grant.what': '{provider} は、この認可コードを受け付けなくなりました。',
  'failure.invalid_grant.todo':
    'コードは数分間、一度だけ有効です。もう一度始めて、途中で止めずに進んでください。',
  'failure.invalid_request.what': '{provider} と {workspace} のやり取りが成り立ちませんでした。',
  'failure.invalid_request.todo':
    '何も接続していません。もう一度始めてください。繰り返す場合は、下のコードを {workspace} にお伝えください。',
  'failure.expired.what': '時間がかかりすぎたため、認可の期限が切れました。',
  'failure.expired.todo': '何も接続していません。もう一度始めて、途中で止めずに進んでください。',
  'failure.conflict.what': 'このアカウントは、この接続には使えません。',
  'failure.conflict.todo':
    '何も変更していません。理由は下の詳細をご覧ください。正しいアカウントでもう一度始めてください。',
  'failure.already_used.what': 'この手順はすでに行われています。',
  'failure.already_used.todo': 'まだ接続されていない場合は、もう一度始めてください。',
  'failure.quota_exceeded.what': '{workspace} には、これ以上接続できません。',
  'failure.quota_exceeded.todo':
    '何も接続していません。プランの上限に達していることを {workspace} に伝えてから、もう一度始めてください。',
  'failure.temporarily_unavailable.what': '{provider} は現在混み合っているか、停止しています。',
  'failure.temporarily_unavailable.todo': '何も接続していません。数分後にもう一度お試しください。',
  'failure.client_secret_expired.what':
    '{provider} での {workspace} のクライアントシークレットの期限が切れています。',
  'failure.client_secret_expired.todo':
    '{workspace} に次のことをお伝えください。開発者コンソールで新しいクライアントシークレットを作り、連携に保存してください。',
  'failure.no_refresh_token.what': '{provider} は短い時間しかアクセスを許可しませんでした。',
  'failure.no_refresh_token.todo':
    '{workspace} に次のことをお伝えください。接続の際にオフラインアクセス (offline access) を求める必要があります。',
  'failure.clock_skew.what': '{provider} と {workspace} の時刻が合っていません。',
  'failure.clock_skew.todo':
    '{workspace} に次のことをお伝えください。サーバーの時計を合わせる必要があります。',
  'failure.unusable_answer.what': '{provider} の応答は OAuth 2.0 サーバーのものではありませんでした。',
  'failure.unusable_answer.todo':
    '何も接続していません。もう一度お試しください。続く場合は、連携のトークン URL を確認するよう {workspace} にお伝えください。',
  'failure.unreachable_address.what': '{provider} のアドレスはここから使えません。',
  'failure.unreachable_address.todo':
    '何も接続していません。連携の URL を確認するよう {workspace} にお伝えください。',
  'failure.unknown.what': '{provider} は接続を完了しませんでした。',
  'failure.unknown.todo':
    '何も接続していません。もう一度始めてください。繰り返す場合は、下のコードを {workspace} にお伝えください。',

  'stray.other_session.what': 'これは、別の方がサインインしているときに始まりました。',
  'stray.other_session.todo':
    '何も接続していません。途中でサインインの状態が変わったか、別のブラウザーです。リンクをもう一度開いてください。',
  'stray.no_state.what': 'このアドレスは、提供元からの応答なしに開かれました。',
  'stray.no_state.todo':
    'アクセスを許可すると、提供元からここに戻ります。接続しようとしたページから始めてください。',
  'stray.unknown_state.what': 'この応答は、ここで始めたどの接続のものでもありません。',
  'stray.unknown_state.todo':
    '接続しようとしたページから、もう一度始めてください。このリンクが誰かから送られてきた場合は、使わないでください。',
  'stray.replayed.what': 'この手順はすでに行われています。',
  'stray.replayed.todo': 'まだ接続されていない場合は、接続しようとしたページから、もう一度始めてください。',
  'stray.expired.what': '時間がかかりすぎたため、この手続きの期限が切れました。',
  'stray.expired.todo':
    '接続しようとしたページから、もう一度始めてください。提供元での手続きは10分以内にお願いします。',
  'stray.other_choice.what': 'その間に別のものが選ばれました。',
  'stray.other_choice.todo':
    'ここでは何も接続していません。最後に選んだ画面で続けるか、リンクをもう一度開いて選んでください。',

  'over.completed.what': 'このリンクは使用済みで、アカウントは接続されています。',
  'over.completed.todo': 'このウィンドウを閉じてかまいません。',
  'over.failed.what': 'この接続の手続きは終了しています。',
  'over.failed.todo': '接続しようとしたページから、もう一度始めてください。',
  'over.expired.what': 'このリンクの期限が切れました。',
  'over.expired.todo': 'リンクは30分間有効です。接続しようとしたページから、もう一度始めてください。',
  'over.unknown.what': 'この接続リンクは、こちらのものではありません。',
  'over.unknown.todo': '全体がコピーされているか確認するか、新しいリンクを依頼してください。',
  'other_person.what': 'このリンクは別の方のために作られました。',
  'other_person.todo':
    '使えるのはご本人だけです。別の名前でサインインしている場合は、サインアウトして、もう一度開いてください。',
  'nobody.what': 'どなたか確認できませんでした。',
  'nobody.todo':
    '接続しようとしたページから始めてください。そのリンクに、あなたのために作られた手続きが示されています。',
  'unusable_link.what': 'このリンクは使えません。',
  'unusable_link.todo': '案内元に新しいリンクを依頼してください。',

  'pick.title': '{workspace} に接続するものを選ぶ',
  'pick.heading': '{workspace} に何を接続しますか？',
  'pick.lead': '一つ選んでください。{workspace} がアクセスを得る前に、もう一度確認します。',
  'pick.search': '検索',
  'pick.nothing': '見つかりませんでした。別の言葉でお試しください。',
  'pick.none.what': 'ここで接続できるものは、もうありません。',
  'pick.none.todo': 'このリンクの対象は削除されました。{workspace} にお伝えください。',

  'manage.title': '{workspace} に接続しているアカウント',
  'manage.none': '接続しているアカウントはありません。{workspace} で接続すると、ここに表示されます。',
  'manage.more': '新しいものから {count} 件だけを表示しています。',
  'manage.may': '{workspace} ができること:',
  'manage.used': '最後に使われた時期: {when}',
  'manage.unused': '過去90日間は使われていません。',
  'manage.connected': '接続した時期: {when}',
  'manage.needs_reauth': 'この接続は終了しています。{workspace} で引き続き使うには、再接続してください。',
  'manage.pending': 'この接続はまだ準備中です。',
  'manage.reconnect': '{provider} を再接続',
  'manage.disconnect': '{provider} の接続を解除',
  'manage.back': 'アカウントの一覧に戻る',
  'manage.leave': 'このページを閉じる',
  'manage.small': 'このページを開いた人は接続を解除できるため、30分後に自動的に閉じます。',
  'manage.reconnected': 'アカウントを再接続しました。',
  'manage.not_reconnected': 'アカウントは再接続されませんでした ({code})。',
  'manage.question': '{provider} と {workspace} の接続を解除しますか？',
  'manage.effect':
    '{workspace} はこのアカウントを使えなくなります。{provider} に保存されているものは削除されません。',
  'manage.yes': '接続を解除する',
  'manage.keep': 'そのままにする',
  'manage.ended.what': '{provider} と {workspace} の接続を解除しました。',
  'manage.ended.revoked': '{provider} に通知し、アクセスは終了しました。',
  'manage.ended.pending':
    '{workspace} はもうアクセスできません。{provider} からの確認はまだですが、最長7日間、通知を続けます。',
  'manage.ended.unsupported':
    '{workspace} はもうアクセスできません。{provider} にはここから通知できないため、{provider} のアカウント設定でも {workspace} を削除してください。',
  'manage.ended.shared':
    'この接続はもうアクセスできません。{workspace} の別の接続が同じ {provider} のアカウントを使っており、そちらは続きます。',
  'manage.gone.what': 'このアカウントは、もう接続されていません。',
  'manage.gone.todo': 'その間に接続が解除されました。',
  'manage.no_way.what': 'このアカウントはここでは再接続できません。',
  'manage.no_way.todo':
    'この連携は同意を求めない種類のものです。{workspace} にお伝えください。何も変更していません。',
  'manage.used_link.what': 'このリンクはもう使えません。',
  'manage.used_link.todo':
    'リンクは10分間、一度だけ有効です。リンクのあった場所に戻って、もう一度開いてください。',
  'manage.over.what': 'このページは閉じられました。',
  'manage.over.todo': 'ページは30分間開いています。元の場所に戻って、もう一度開いてください。',
  'manage.left.what': 'このページを閉じました。',
  'manage.left.todo': 'アカウントはそのままです。このウィンドウを閉じてかまいません。',

  'error.ours.what': 'Grantry は今、これを処理できませんでした。',
  'error.ours.todo':
    'しばらくしてから、もう一度お試しください。続く場合は、運営者に次の番号をお伝えください: {code}',
  'error.busy.what': 'リクエストが多すぎます。',
  'error.busy.todo': '{seconds} 秒後にもう一度お試しください。',
  'error.refused.what': 'このページは、この方法では開けません。',
  'error.refused.todo': '前のページに戻り、再読み込みしてから、もう一度お試しください。',
  'error.nothing_connected': '何も接続していません。',
  'error.nothing_allowed': '何も許可していません。',
  'error.nothing_changed': '何も変更していません。',

  'sign_in.title': '{workspace} にサインイン',
  'sign_in.why': '{workspace} がご本人だと確認するためです。',
  'sign_in.email': 'メールアドレス',
  'sign_in.password': 'パスワード',
  'sign_in.submit': 'サインイン',
  'sign_in.with': '{provider} でサインイン',
  'sign_in.or': 'または',
  'sign_in.already': '{person} としてサインインしています。',
  'sign_in.yourself': 'ご本人',
  'sign_in.continue': '続ける',
  'sign_in.as_other': 'または別のアカウントで',
  'sign_in.no_account':
    'アカウントをお持ちでない場合は、ワークスペースの管理者に招待リンクを依頼してください。',
  'sign_in.runs': 'これは {workspace} が運営しています。',
  'sign_in.wrong': 'メールアドレスとパスワードが一致しません。両方を確認して、もう一度お試しください。',
  'sign_in.wait': '試行回数が多すぎます。{seconds} 秒待ってから、もう一度お試しください。',
  'sign_in.nowhere.what': 'ここではサインインできません。',
  'sign_in.nowhere.todo':
    '{workspace} は利用者向けのサインインを設定していません。その旨を伝えるか、元の場所に戻ってください。',
  'sign_in.nowhere.unknown':
    'リンクに、どのワークスペースの方かが示されていません。戻って、もう一度開いてください。',
  'sign_out.title': 'サインアウト',
  'sign_out.question': 'Grantry からサインアウトしますか？',
  'sign_out.submit': 'サインアウト',
  'sign_out.stay': 'このままにする',
  'signed_out.what': 'サインアウトしました。',
  'signed_out.todo': 'このウィンドウを閉じてかまいません。',
  'signed_out.again': 'もう一度サインイン',
  'outside.stray.what': 'このサインインは続けられません。',
  'outside.stray.todo':
    '時間がかかりすぎたか、使用済みか、別のブラウザーで始められました。最初からサインインし直してください。',
  'outside.declined.what': '{provider} ではサインインできませんでした。',
  'outside.declined.todo':
    'そこで拒否したか、利用が許可されていません。もう一度試すか、別の方法でサインインしてください。',
  'outside.failed.what': '{provider} によるサインインに失敗しました。',
  'outside.failed.todo':
    '応答が信頼できないか、使えません。もう一度お試しください。続く場合は、ワークスペースの管理者に次のコードをお伝えください: {code}',
  'outside.unknown.what': '{provider} のこのアカウントは、どのメンバーにも紐付いていません。',
  'outside.unknown.todo':
    '招待リンクを開いてこのアカウントで参加するか、パスワードでサインインして設定で紐付けてください。',
  'outside.ended.what': 'このサインインの目的は、もうありません。',
  'outside.ended.todo':
    'セッションまたは招待がなくなっています。サインインし直すか、新しい招待を依頼してください。',
  'outside.no_email.what': '{provider} からメールアドレスが提供されませんでした。',
  'outside.no_email.todo':
    '登録リンクをもう一度開いてパスワードを設定してください。このアカウントは後で紐付けられます。',

  'link.title': '今後は {provider} でサインイン',
  'link.question': '今後は {provider} でサインインしますか？',
  'link.lead':
    '{provider} に一度サインインすると、これまでの方法に加えて、そのアカウントでも {person} として Grantry を開けるようになります。',
  'link.submit': '{provider} へ進む',
  'link.later': '今はしない',
  'link.small': 'アカウントの設定から、いつでも解除できます。',

  'consent.title': '{app} を許可',
  'consent.question': '{app} に {target} の利用を許可しますか？',
  'consent.at': '{workspace} の {server}',
  'consent.person': '{person} としてサインインしています。',
  'consent.may': '{app} は次のことができるようになります。',
  'consent.withheld': '次のことも求められましたが、ここでのあなたの役割では許可できません。',
  'consent.allow': '許可する',
  'consent.deny': '許可しない',
  'consent.destination': 'この後、{destination} に移動します。',
  'consent.home': '{app} は自分のサイトを {home} としています。',
  'consent.end': '{workspace} の「Authorised apps」から、いつでも終了できます。',
  'consent.device': 'お使いの機器',
  'consent.app_behind': '{scheme} のアプリ',
  'consent.which': 'どのアカウントの利用を許可しますか？',
  'consent.own': 'ワークスペースのもの',
  'consent.of': '{person} のもの',
  'consent.ticked': 'チェックしたものだけが使われます。',
  'consent.no_accounts':
    'まだアカウントが接続されていません。もう一度許可するまで、{app} はどのアカウントも使えません。',
  'consent.warn_command_line':
    'たった今ご自身で「grantry login」を実行した場合だけ進んでください。実行した人があなたとして操作します。',
  'consent.warn_any_name':
    'アプリは誰でもどんな名前でも登録できます。ご自身で {app} から始めた場合だけ進んでください。',
  'consent.warn_published': 'このアプリは {host} が公開しています。ご存じの場合だけ進んでください。',
  'consent.warn_new': '数日前に登録されたばかりです。',
  'consent.warn_local':
    'お使いのコンピューターで動くアプリです。そこにある別のプログラムが、その名前で求めた可能性もあります。',
  'consent.other.what': '{app} は別のワークスペースのものです。',
  'consent.other.todo':
    '{workspace} に {person} としてサインインしています。続けるには、{app} のワークスペースにサインインしてください。',
  'consent.other.submit': 'そこにサインイン',
  'consent.members.what': 'コマンドラインはメンバー専用です。',
  'consent.members.todo':
    '{person} としてサインインしていますが、ここのメンバーではありません。何も許可していません。メンバーとしてサインインし、コードを入力し直してください。',
  'consent.over.what': 'このリクエストは終了しています。',
  'consent.over.todo':
    'すでに回答されたか、時間がたちすぎたか、別のブラウザーで始められました。アプリに戻って、もう一度始めてください。',
  'scope.openid': 'ここでのあなたが誰かを知る',
  'scope.profile': '名前を見る',
  'scope.email': 'メールアドレスを見る',
  'scope.offline_access': '不在の間も接続を保つ',
  'scope.account:read': 'アカウントと、そのプランや機能を見る',
  'scope.connections:read': '接続したアカウントを見る',
  'scope.connections:write': 'アカウントを接続、更新、解除する',
  'scope.tokens:read': '接続したアカウントのアクセストークンを取得し、それで許されるすべてを行う',
  'scope.proxy:call': '接続したアカウントのサービスを呼び出す',
  'scope.mcp:read': 'ツールを使って読み取る',
  'scope.mcp:write': 'ツールを使って読み取り、変更、送信する',
  'scope.workspace': '接続したアカウントのトークン取得を含め、ここであなたにできるすべてを行う',

  'device.title': '機器を接続',
  'device.lead': '機器またはターミナルに表示されているコードを入力してください。',
  'device.code': 'コード',
  'device.continue': '続ける',
  'device.small': '目の前の機器で、ご自身が求めたコードだけを入力してください。',
  'device.aborted': '許可しませんでした。機器にも通知しました。',
  'device.not_found':
    'このコードを待っている機器はありません。表示をもう一度確認して、そのまま入力してください。',
  'device.expired': 'このコードは古すぎます。機器で新しいコードを表示してください。',
  'device.used': 'このコードは使用済みです。機器で新しいコードを表示してください。',
  'device.failed': 'うまくいきませんでした。コードをもう一度入力してください。',
  'device.is_it.title': 'お使いの機器ですか？',
  'device.is_it.question': '機器にこのコードが表示されていますか？',
  'device.is_it.lead':
    '{app} が接続を求めています。たった今ご自身で始めたのでなければ、誰かがあなたのアカウントに入ろうとしている可能性があります。',
  'device.is_it.yes': 'はい、続けます',
  'device.is_it.no': 'いいえ、違います',
  'device.done.title': '機器を接続しました',
  'device.done.what': '{app} を接続しました。',
  'device.done.todo': '機器に戻ると、自動的に続きます。このウィンドウを閉じてかまいません。',
  'device.an_app': 'アプリ',
  'device.the_device': '機器',
  'request.title': 'うまくいきませんでした',
  'request.unknown.what': 'このリクエストには応答できません。',
  'request.unknown.todo':
    'アプリに戻って、もう一度始めてください。続く場合は、アプリの運営者にお伝えください。',
  'request.invalid_client.what': 'このアプリはここでは登録されていません。',
  'request.invalid_client.todo':
    'クライアント ID が誤っているか、削除されています。アプリの運営者にお伝えください。',
  'request.invalid_redirect_uri.what': 'アプリが、登録していない戻り先アドレスを指定しました。',
  'request.invalid_redirect_uri.todo':
    '何も許可していません。開発者は、送信するものと完全に同じアドレスを登録する必要があります。',
  'request.invalid_request.what': 'アプリのリクエストに不足があります。',
  'request.invalid_request.todo': '何も許可していません。下の内容をアプリの運営者にお伝えください。',
  'request.invalid_target.what': 'アプリが、ここに存在しないものを求めています。',
  'request.invalid_target.todo': 'サーバーが削除された可能性があります。アプリに追加し直してください。',
  'request.server_error.what': 'Grantry は今、これを処理できませんでした。',
  'request.server_error.todo': '何も許可していません。アプリに戻り、しばらくしてからもう一度お試しください。',

  'join.title': '{workspace} に参加',
  'join.heading': 'Grantry の {workspace} に参加',
  'join.owner': 'このワークスペースの所有者 (owner) になります。',
  'join.admin': 'このワークスペースの管理者 (admin) になります。',
  'join.developer': 'このワークスペースの開発者 (developer) になります。',
  'join.viewer': 'このワークスペースの閲覧者 (viewer) になります。',
  'join.name': '名前',
  'join.hint': '12文字以上にしてください。いくつかの単語を並べるとよいでしょう。',
  'join.with': '{provider} で参加',
  'join.small': 'このリンクは一度だけ有効です。フォームを送信するまでは何も起こりません。',
  'join.dead.what': 'このリンクはもう使えません。',
  'join.dead.todo':
    '7日間、一度だけ有効です。すでに参加済みの場合はサインインし、そうでなければ新しいリンクを依頼してください。',
}
