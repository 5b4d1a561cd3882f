from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session


class Client:
    def __init__(self, issuer, method, scope, id, secret, redirectUri):
        self.issuer = issuer
        self.session = OAuth2Session(id, redirect_uri=redirectUri, scope=scope.split(" "), pkce="S256")
        self.auth = HTTPBasicAuth(id, secret) if method == "client_secret_basic" else None
        self.fields = {"client_id": id}
        if method == "client_secret_post":
            self.fields["client_secret"] = secret

    def begin(self):
        return self.session.authorization_url(f"{self.issuer}/oauth/authorize")[0]

    def finish(self, back):
        in_body = {"include_client_id": True, "client_secret": self.fields.get("client_secret")}
        return tokens(
            self.session.fetch_token(
                f"{self.issuer}/v1/oauth/token",
                authorization_response=back,
                **({"auth": self.auth} if self.auth else in_body),
            )
        )

    def refresh(self, refreshToken):
        return tokens(
            self.session.refresh_token(
                f"{self.issuer}/v1/oauth/token",
                refresh_token=refreshToken,
                auth=self.auth,
                **({} if self.auth else self.fields),
            )
        )

    def revoke(self, refreshToken):
        url, headers, body = self.session._client.prepare_token_revocation_request(
            f"{self.issuer}/oauth/revoke", refreshToken, "refresh_token", **({} if self.auth else self.fields)
        )
        answer = self.session.post(url, data=body, headers=headers, auth=self.auth, withhold_token=True)
        answer.raise_for_status()


def tokens(token):
    return {"accessToken": token["access_token"], "refreshToken": token["refresh_token"]}
