META
key;value
description;Whole town, approval
country;Portugal
unit;Valdeagua
instance;2026
num_projects;8
num_votes;15
budget;50000
vote_type;approval
rule;unknown
date_begin;01.03.2026
date_end;15.03.2026
max_length;3
language;en
currency;EUR
PROJECTS
project_id;cost;votes;name;category;district
1;12000;5;Trees along the river;green;North
2;8500;4;Benches in the shade;green;North
3;30000;4;"Roof for the ""Old Mill""; first part";culture;Centre
4;5000;2;Chess tables;sport;Centre
5;18000;5;Ramp at the library;access;Centre
6;9500;4;Drinking fountains;green;South
7;26000;4;Playground for all;sport;South
8;5000;3;Film nights;culture;South
VOTES
voter_id;vote;age;voting_method
101;1,2,6;21;internet
102;1,2;22;internet
103;1,5;23;paper
104;3,8;24;internet
105;3,5,8;25;internet
106;3;26;paper
107;4,7;27;internet
108;7,6;28;internet
109;7,4,8;29;paper
110;5,1;30;internet
111;6,2,1;31;internet
112;5;32;paper
113;2,6;33;internet
114;3,5;34;internet
115;7;35;paper
