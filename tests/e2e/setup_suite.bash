# shellcheck shell=bash
# Lets bats run a file alone; under tests/run the suite is there already.

setup_suite() {
	# shellcheck source=tests/e2e/suite.bash
	source "$BATS_TEST_DIRNAME/suite.bash"
	export INAPD=${INAPD:-$INAP_ROOT/build/test/inapd} INAP=${INAP:-$INAP_ROOT/build/test/inap}
	export INAP_TOOLS=${INAP_TOOLS:-$INAP_ROOT/build/test/tools}
	export INAP_SUITE_IS_OURS=
	if [[ -z ${INAP_SUITE:-} ]]; then
		suite_start
		INAP_SUITE_IS_OURS=yes
	fi
}

teardown_suite() {
	[[ -z $INAP_SUITE_IS_OURS ]] || suite_stop
}
