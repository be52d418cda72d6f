# shellcheck shell=bash
# A person's terminal: the client under tmux, and what stands on the screen afterwards. Loaded after helper.bash.

terminal() {
	env -u TMUX LC_ALL=C.UTF-8 tmux -u -f /dev/null -S "$terminal_socket" "$@" 3>&- 4>&- 5>&-
}

# terminal_open USER [WIDTH]: an empty screen of 400 lines, at a shell that says nothing, on that person's machine.
terminal_open() {
	local home
	home=$(user_home "$1")
	mkdir -p "$home"
	terminal_socket=$INAP_HOME/terminal-$RANDOM$RANDOM # a new one: the one before may still be ending
	terminal new-session -d -s one -x "${2:-160}" -y 400 "exec env -u INAP_USER HOME='$home' XDG_CONFIG_HOME='$home/config' \
		XDG_STATE_HOME='$home/state' XDG_DATA_HOME='$home/data' XDG_CACHE_HOME='$home/cache' TZ=Asia/Baghdad PS1= PS2= PROMPT_COMMAND= \
		bash --norc --noprofile --noediting"
	terminal set-option -g history-limit 5000 >/dev/null
	terminal_type "stty -echo; unset HISTFILE"
	terminal_settle
	terminal send-keys -t one -R
	terminal clear-history -t one
}

# terminal_type LINE: typed, and enter.
terminal_type() {
	terminal send-keys -t one -l -- "$1"
	terminal send-keys -t one Enter
}

# terminal_settle: waits until the shell has done everything that was typed; fails after 20 s.
terminal_settle() {
	local signal="settled-$RANDOM$RANDOM"
	terminal_type "env -u TMUX tmux -S '$terminal_socket' wait-for -S $signal"
	timeout 20 env -u TMUX tmux -S "$terminal_socket" wait-for "$signal" 3>&- 4>&- 5>&- || flunk "the terminal does not settle:" "$(terminal_screen)"
}

# terminal_expect TEXT: waits until it stands on the screen.
terminal_expect() {
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		[[ $(terminal_screen) != *"$1"* ]] || return 0
		sleep 0.1
	done
	flunk "the screen lacks '$1':" "$(terminal_screen)"
}

# terminal_screen: what stands there, without the empty end.
terminal_screen() {
	terminal capture-pane -p -J -t one | sed -e 's/[ \t]*$//' -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# screen_of USER WIDTH ARGUMENTS...: what a command leaves on the screen.
screen_of() {
	local user=$1 width=$2
	shift 2
	terminal_open "$user" "$width" || return 1
	terminal_type "$(printf '%q ' "$INAP" --no-pager "$@")"
	terminal_settle || return 1
	terminal_screen
	terminal_close
}

# terminal_close: every terminal of this file.
terminal_close() {
	for terminal_socket in "$INAP_HOME"/terminal-*; do
		[[ ! -S $terminal_socket ]] || terminal kill-server 2>/dev/null || true
		rm -f "$terminal_socket"
	done
}
