# Verifies deliveries as a receiver would: v1 with the official library, v1a with a plain ed25519 one.
import base64, json, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook

def verify(key, headers, body):
    if key.startswith("whsec_"):
        return Webhook(key).verify(body, headers)
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.removeprefix("whpk_")))
    for signature in headers["webhook-signature"].split(" "):
        public.verify(base64.b64decode(signature.removeprefix("v1a,")), content)

for key, headers, body in json.load(sys.stdin):
    try:
        verify(key, headers, body)
        print("good")
    except Exception as error:
        print("bad", type(error).__name__)
