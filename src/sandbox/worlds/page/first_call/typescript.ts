const body = @BODY@;
const answer = await fetch("@API@/creches/@CRECHE@/attendanceStatements/@MONTH@", {
  method: "PUT",
  headers: { Authorization: "Bearer @KEY@", "Content-Type": "application/json" },
  body: JSON.stringify(body),
});
console.log(answer.status, await answer.json());
