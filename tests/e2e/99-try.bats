setup_file() { load helper; load quarter; make_round; make_office moi FED-MOI; }
teardown_file() { load helper;  cat $INAP_HOME/main/log >/tmp/try.log; cp $INAP_SUITE/postgresql.log /tmp/try.pg; server_stop; }
setup() { load helper;  load quarter; }
@test "t" { 
inap_as moi-focal report show FED-MOI/2024Q3 | head -3
inap_as moi-focal report nil FED-MOI/2024Q3   | head -20
inap_as moi-focal report ready FED-MOI/2024Q3   | head -20
inap_as moi-approver report show FED-MOI/2024Q3 | head -3
inap_as moi-approver --yes report submit FED-MOI/2024Q3  --note x | head -3
inap_as moi-focal report check FED-MOI/2024Q3   | head -20
inap_as moi-focal report show FED-MOI/2024Q3 | tail -33
false; }
