import type { Sentences } from './sentences.ts'

/** What scopes allow, in Japanese. */
export const ja: Sentences = {
  'See your username and picture.': 'ユーザー名と画像を見る。',
  'See your email address.': 'メールアドレスを見る。',
  'See which servers you are in.': '参加しているサーバーを見る。',
  'See your nickname and roles in these servers.': 'それらのサーバーでのニックネームとロールを見る。',
  'Join servers for you.': 'あなたの代わりにサーバーに参加する。',
  'See your name and email address.': '名前とメールアドレスを見る。',
  'See the names of your files and folders.': 'ファイルとフォルダーの名前を見る。',
  'Read and download your files.': 'ファイルを読み取り、ダウンロードする。',
  'Add, change and delete your files.': 'ファイルを追加、変更、削除する。',
  'See your profile.': 'プロフィールを見る。',
  'See your email addresses.': '登録しているすべてのメールアドレスを見る。',
  'See the organizations and teams you belong to.': '所属する組織とチームを見る。',
  'Read and change all your repositories, public and private, with their issues and pull requests.':
    '公開・非公開を問わず、すべてのリポジトリを、イシューやプルリクエストも含めて読み取り、変更する。',
  'See your profile and email address.': 'プロフィールとメールアドレスを見る。',
  'See your projects and groups with their issues and merge requests.':
    'プロジェクトとグループを、イシューやマージリクエストも含めて見る。',
  'Read the code of your projects, also the private ones.':
    '非公開のものも含め、プロジェクトのコードを読み取る。',
  'See and change all that you can in GitLab, projects, issues, merge requests and code.':
    'GitLab であなたにできる範囲で、プロジェクト、イシュー、マージリクエスト、コードのすべてを見て変更する。',
  'Know which Google account this is.': 'どの Google アカウントかを知る。',
  'Read your emails, attachments and labels.': 'メール、添付ファイル、ラベルを読み取る。',
  'Read, write, send and sort your emails, and move them to the trash, but never delete them for good.':
    'メールの閲覧、作成、送信、整理、ゴミ箱への移動を行う。ただし完全に削除することはありません。',
  'See your calendars and the events in them.': 'カレンダーとその予定を見る。',
  'Add, change and delete events in your calendars.': 'カレンダーの予定を追加、変更、削除する。',
  'See and download all the files in your Google Drive.':
    'Google ドライブのすべてのファイルを見て、ダウンロードする。',
  'See, add, change, share and delete all the files in your Google Drive.':
    'Google ドライブのすべてのファイルを閲覧、追加、変更、共有、削除する。',
  'Stay connected to your HubSpot account.': 'HubSpot アカウントとの接続を保つ。',
  'See your contacts.': '連絡先を見る。',
  'See your companies.': '会社情報を見る。',
  'See your deals.': '取引を見る。',
  'Add, change and delete contacts.': '連絡先を追加、変更、削除する。',
  'Add, change and delete companies.': '会社情報を追加、変更、削除する。',
  'Add, change and delete deals.': '取引を追加、変更、削除する。',
  'Keep this access when you are away, until you end it.':
    'あなたが終了するまで、不在の間もこのアクセスを保つ。',
  'See your projects and issues with their comments and files.':
    'プロジェクトと課題を、コメントやファイルも含めて見る。',
  'See the people in your Jira.': 'Jira のユーザーを見る。',
  'Add and change issues, comments and time spent as you.':
    'あなたとして課題、コメント、作業時間を追加、変更する。',
  'See the issues, projects and teams that you can see.':
    'あなたに見えるイシュー、プロジェクト、チームを見る。',
  'Add, change and delete issues, comments and projects as you.':
    'あなたとしてイシュー、コメント、プロジェクトを追加、変更、削除する。',
  'Read the pages and databases that you choose.': '選んだページとデータベースを読み取る。',
  'Add pages and text below the pages that you choose.': '選んだページの下にページと文章を追加する。',
  'Change the pages and databases that you choose.': '選んだページとデータベースを変更する。',
  'Read your emails and their attachments.': 'メールとその添付ファイルを読み取る。',
  'Read, write, move and delete your emails.': 'メールの閲覧、作成、移動、削除を行う。',
  'Send emails as you.': 'あなたとしてメールを送信する。',
  'See your own user settings and the currencies of your company.': '自分のユーザー設定と会社の通貨を見る。',
  'See your deals with their notes, files, pipelines and stages.':
    '取引を、メモ、ファイル、パイプライン、ステージも含めて見る。',
  'See the people and organizations in your contacts.': '連絡先の人物と組織を見る。',
  'See your activities, such as calls, meetings and tasks.': '通話、会議、タスクなどのアクティビティを見る。',
  'See, add, change and delete your deals with their notes and files.':
    '取引を、メモやファイルも含めて閲覧、追加、変更、削除する。',
  'See, add, change and delete the people and organizations in your contacts.':
    '連絡先の人物と組織を閲覧、追加、変更、削除する。',
  'See, add, change and delete your activities.': 'アクティビティを閲覧、追加、変更、削除する。',
  'Know which Intuit user you are.': 'Intuit のどのユーザーかを知る。',
  'See your name.': '名前を見る。',
  'See and change the books of the company that you choose.': '選んだ会社の帳簿を見て変更する。',
  'Know which Salesforce user you are.': 'Salesforce のどのユーザーかを知る。',
  'See and change whatever you can see and change in Salesforce.':
    'Salesforce であなたが見て変更できるすべてを見て変更する。',
  'See the products of your shop.': 'ショップの商品を見る。',
  'See the orders of the last 60 days.': '過去60日間の注文を見る。',
  'See your customers.': '顧客を見る。',
  'See, add, change and delete the products of your shop.': 'ショップの商品を閲覧、追加、変更、削除する。',
  'See and change the orders of the last 60 days.': '過去60日間の注文を見て変更する。',
  'See, add, change and delete your customers.': '顧客を閲覧、追加、変更、削除する。',
  'See the public channels of your workspace.': 'ワークスペースのパブリックチャンネルを見る。',
  'Read messages in the public channels you are in.':
    '参加しているパブリックチャンネルのメッセージを読み取る。',
  'See the people in your workspace.': 'ワークスペースのメンバーを見る。',
  'Search the messages and files that you can see.': 'あなたに見えるメッセージとファイルを検索する。',
  'Send messages as you.': 'あなたとしてメッセージを送信する。',
  'See your payments, customers and balance.': '支払い、顧客、残高を見る。',
  'See your payments, customers and balance, and take payments and give refunds for you.':
    '支払い、顧客、残高を見て、あなたの代わりに支払いの受け取りと返金を行う。',
  'Know which Xero user you are.': 'Xero のどのユーザーかを知る。',
  'See your invoices, bills, quotes and orders.': '請求書、支払い、見積もり、注文を見る。',
  'See your customers and suppliers.': '顧客と仕入先を見る。',
  'See your accounts, tax rates and organisation settings.': '勘定科目、税率、組織の設定を見る。',
  'See, add and change your invoices, bills, quotes and orders.':
    '請求書、支払い、見積もり、注文を閲覧、追加、変更する。',
  'See, add and change your customers and suppliers.': '顧客と仕入先を閲覧、追加、変更する。',
  'See the list of your meetings.': 'ミーティングの一覧を見る。',
  'See the details of your meetings.': 'ミーティングの詳細を見る。',
  'Schedule meetings as you.': 'あなたとしてミーティングを予定する。',
  'Change your meetings.': 'ミーティングを変更する。',
  'Delete your meetings.': 'ミーティングを削除する。',
}
