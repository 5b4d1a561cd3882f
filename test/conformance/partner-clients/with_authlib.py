from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session


class Client:
    def __init__(self, issuer, method, scope, id, secret, redirectUri):
        self.issuer = issuer
        self.session = OAuth2Session(
            id,
            secret,
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            scope=scope,
            redirect_uri=redirectUri,
            code_challenge_method="S256",
        )
        self.verifier = generate_token(48)
        self.state = None

    def begin(self):
        url, self.state = self.session.create_authorization_url(
            f"{self.issuer}/oauth/authorize", code_verifier=self.verifier
        )
        return url

    def finish(self, back):
        return tokens(
            self.session.fetch_token(
                f"{self.issuer}/v1/oauth/token",
                authorization_response=back,
                state=self.state,
                code_verifier=self.verifier,
            )
        )

    def refresh(self, refreshToken):
        return tokens(
            self.session.refresh_token(f"{self.issuer}/v1/oauth/token", refresh_token=refreshToken)
        )

    def revoke(self, refreshToken):
        answer = self.session.revoke_token(
            f"{self.issuer}/oauth/revoke", token=refreshToken, token_type_hint="refresh_token"
        )
        answer.raise_for_status()


def tokens(token):
    return {"accessToken": token["access_token"], "refreshToken": token["refresh_token"]}
