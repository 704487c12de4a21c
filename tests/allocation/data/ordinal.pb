META
key;value
description;Ranking of the squares
country;Portugal
unit;Valdeagua
instance;2026
num_projects;4
num_votes;7
budget;60000
vote_type;ordinal
rule;unknown
date_begin;01.03.2026
date_end;15.03.2026
max_length;4
language;en
currency;EUR
PROJECTS
project_id;cost;votes;score;name;category;district
S1;25000;5;10;North square;square;North
S2;35000;4;7;Mill square;square;Centre
S3;20000;4;9;South square;square;South
S4;15000;4;6;Station steps;access;South
VOTES
voter_id;vote;age;voting_method
101;S1,S2,S3;21;internet
102;S2,S1;22;internet
103;S3,S4,S1;23;paper
104;S4,S3;24;internet
105;S2;25;internet
106;S1,S4;26;paper
107;S3,S1,S2,S4;27;internet
