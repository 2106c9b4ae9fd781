using System;
using System.Net.Http;
using System.Text;

var client = new HttpClient();
client.DefaultRequestHeaders.Add("Authorization", "Bearer @KEY@");
var body = new StringContent(@"@BODY@", Encoding.UTF8, "application/json");
var answer = await client.PutAsync("@API@/creches/@CRECHE@/attendanceStatements/@MONTH@", body);
Console.WriteLine((int)answer.StatusCode + " " + await answer.Content.ReadAsStringAsync());
