<?php
$body = <<<'JSON'
@BODY@
JSON;
$answer = file_get_contents('@API@/creches/@CRECHE@/attendanceStatements/@MONTH@', false, stream_context_create(['http' => [
    'method' => 'PUT',
    'header' => ['Authorization: Bearer @KEY@', 'Content-Type: application/json'],
    'content' => $body,
    'ignore_errors' => true,
]]));
echo $http_response_header[0], "\n", $answer, "\n";
