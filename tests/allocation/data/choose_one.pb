META
key;value
description;One school each
country;Portugal
unit;Valdeagua
instance;2026
num_projects;4
num_votes;10
budget;20000
vote_type;choose-1
rule;unknown
date_begin;01.03.2026
date_end;15.03.2026
language;en
currency;EUR
PROJECTS
project_id;cost;votes;name;category;district
A;12000;4;Laboratory;school;North
B;9000;2;Reading room;school;North
C;8000;3;Vegetable garden;school;South
D;7500;1;Bicycle shed;school;South
VOTES
voter_id;vote;age;voting_method
101;A;21;internet
102;A;22;internet
103;A;23;paper
104;B;24;internet
105;B;25;internet
106;C;26;paper
107;C;27;internet
108;D;28;internet
109;A;29;paper
110;C;30;internet
