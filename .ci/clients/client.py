"""Deposits July and reads it back with the client that openapi-python-client generates.

usage: client.py SANDBOX.json MONTH.json
"""

import json
import sys
from uuid import UUID

from passerelle_client import AuthenticatedClient
from passerelle_client.api.attendance import get_attendance_statement, put_attendance_statement
from passerelle_client.models import AcceptedDeposit, AttendanceStatement, AttendanceStatementRequest


def main(description_file: str, document_file: str) -> None:
    with open(description_file, encoding="utf-8") as file:
        description = json.load(file)
    with open(document_file, encoding="utf-8") as file:
        statement = AttendanceStatementRequest.from_dict(json.load(file))
    organiser = description["organisers"][0]
    key, creche = organiser["applications"][0]["keys"][0]["key"], UUID(organiser["creches"][0]["id"])
    client = AuthenticatedClient(base_url=description["apiUrl"], token=key)

    put = put_attendance_statement.sync(creche, "2026-07", client=client, body=statement)
    assert isinstance(put, AcceptedDeposit), put
    got = get_attendance_statement.sync(creche, "2026-07", client=client)
    assert isinstance(got, AttendanceStatement), got
    assert len(got.lines) == len(statement.lines), got
    print("openapi-python-client: revision", got.revision, "lines", len(got.lines))


main(*sys.argv[1:])
