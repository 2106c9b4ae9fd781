import json
import urllib.request

body = json.loads(r"""@BODY@""")
headers = {"Authorization": "Bearer @KEY@", "Content-Type": "application/json"}
url = "@API@/creches/@CRECHE@/attendanceStatements/@MONTH@"
request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="PUT")
with urllib.request.urlopen(request) as answer:
    print(answer.status, json.load(answer))
