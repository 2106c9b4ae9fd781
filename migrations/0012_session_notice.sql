-- What the next page of a session says at its top: the code of a message, nothing of what was typed. Null: nothing.
alter table session add column notice text;
