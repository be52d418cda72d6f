#!/usr/bin/perl
# Adds an export of accepted cells up anew, by what the plan file says of each indicator and exact decimals, and compares
# every figure with what the system told: recount.pl PLAN.json CELLS FIGURES
#
# Nothing here is the system's: the meanings are those of the papers (parts, one, halves, register, each, derived; flows add,
# stocks last, ratios sums over sums). Prints `compared=N figures=N differences=N` and each difference; status 1 where there is one.
use strict;
use warnings FATAL => 'all';
use utf8;
use JSON::PP;
use List::Util qw(any all max);
use Math::BigInt;
use Math::BigRat;
use POSIX qw(strftime);
use Unicode::Normalize qw(NFKC);

binmode STDOUT, ':encoding(UTF-8)';
my ($plan_file, $cells_file, $figures_file) = @ARGV;
die "usage: recount.pl PLAN.json CELLS FIGURES\n" unless defined $figures_file;

my $SCALE = 20; # digits behind the point of an exact decimal
my @SIDES = qw(federal kurdistan);
my %LENGTH = (quarterly => 1, semiannual => 2, annual => 4, survey => 1);

# ---- the plan

my (%indicator, %side_of, %category, @activities);
my $plan = decode_json(slurp($plan_file));
$side_of{ $_->{code} } = $_->{jurisdiction} for @{ $plan->{entities} };
$indicator{ $_->{code} } = $_ for @{ $plan->{indicators} };
for my $dimension (@{ $plan->{dimensions} }) {
	$category{ $dimension->{code} }{ $_->{code} } = $_ for @{ $dimension->{categories} };
}
@activities = grep { $_->{kind} eq 'activity' } @{ $plan->{results} };

# ---- the export

my (%given, %asked, %report, %told_of, @meetings, %own_plan, %focal, %published, %round);
for my $line (lines($cells_file)) {
	my ($kind, @f) = @$line;
	if ($kind eq 'cell') { $given{ $f[0] }{ $f[2] }{ $f[1] } = answer(@f[2 .. 5]) }
	elsif ($kind eq 'asked') { push @{ $asked{ $f[0] }{ $f[1] }{ indicator_of($f[2]) } }, $f[2] }
	elsif ($kind eq 'report') { $round{ $f[0] } = 1; $report{ $f[0] }{ $f[1] } = { state => $f[2], due => $f[3], submitted => $f[4], excused => $f[5] eq 'true' } }
	elsif ($kind eq 'activity') { $told_of{ $f[0] }{ $f[2] }{ $f[1] } = { status => $f[4], in_kind => $f[5] eq 'true', allocated => [ split / /, $f[6] ] } }
	elsif ($kind eq 'event') { push @meetings, { quarter => quarter_of_day($f[2]), side => $side_of{ $f[3] } } if $f[1] eq 'national_team_meeting' && $f[4] ne '' }
	elsif ($kind eq 'plan-activity') { $own_plan{$1} = 1 if $f[1] eq 'agreed' && $f[0] =~ m{^(.*)/} }
	elsif ($kind eq 'focal-point') { push @{ $focal{ $f[0] } }, { user => $f[1], from => $f[2], to => $f[3] || '9999' } if $f[4] ne 'true' }
	elsif ($kind eq 'edition') { $published{ $f[0] }{ $side_of{ $f[2] } } = 1 }
	else { die "$cells_file: what is a line of '$kind'?\n" }
}
my @rounds = sort keys %round;

# ---- words and numbers

sub slurp {
	my ($file) = @_;
	open my $in, '<:raw', $file or die "$file: $!\n";
	local $/;
	return <$in>;
}

# A file's lines as lists of fields.
sub lines {
	my ($file) = @_;
	my %plain = ('\\t' => "\t", '\\n' => "\n", '\\r' => "\r", '\\\\' => '\\');
	open my $in, '<:encoding(UTF-8)', $file or die "$file: $!\n";
	my @lines;
	while (my $line = <$in>) {
		chomp $line;
		my @fields = split /\t/, $line, -1;
		s/(\\[tnr\\])/$plain{$1}/g for @fields;
		push @lines, \@fields;
	}
	return @lines;
}

# 12.50 as a whole number of 10^-20.
sub exact {
	my ($text) = @_;
	my ($sign, $whole, $part) = $text =~ /^(-?)([0-9]+)(?:\.([0-9]+))?$/ or die "'$text' is no number\n";
	$part //= '';
	return Math::BigInt->new($sign . $whole . $part . '0' x ($SCALE - length $part));
}

# And as people write it, without zeros at the end; - where there is none.
sub plain {
	my ($number) = @_;
	return '-' unless defined $number;
	my ($sign, $digits) = $number->bstr =~ /^(-?)(.*)$/;
	my $text = sprintf '%0*s', $SCALE + 1, $digits;
	substr $text, -$SCALE, 0, '.';
	return $sign . $text =~ s/\.?0*$//r;
}

sub sum {
	my $sum;
	$sum = defined $sum ? $sum + $_ : $_->copy for grep { defined } @_;
	return $sum;
}

# Times the multiplier, half up to one place.
sub percent {
	my ($number, $of, $multiplier) = @_;
	return '' if !defined $number || !defined $of || $of->is_zero;
	my $tenths = (Math::BigRat->new($number) / Math::BigRat->new($of) * Math::BigRat->new("$multiplier") * 10 + Math::BigRat->new('1/2'))->bfloor;
	my $text = sprintf '%02s', "$tenths";
	return substr($text, 0, -1) . '.' . substr($text, -1);
}

# Spelling variants of one letter are one name.
sub folded {
	my $name = NFKC(shift);
	$name =~ s/\x{0647}\x{200C}/\x{06D5}/g;
	$name =~ s/[\x{0640}\x{064B}-\x{0652}\x{200B}-\x{200F}\x{061C}\x{2066}-\x{2069}\x{202A}-\x{202E}]//g;
	$name =~ tr/\x{0623}\x{0625}\x{0622}\x{064A}\x{0649}\x{0643}\x{06BE}\x{0629}/\x{0627}\x{0627}\x{0627}\x{06CC}\x{06CC}\x{06A9}\x{0647}\x{0647}/;
	$name =~ s/\s+/ /g;
	$name =~ s/^ | $//g;
	return lc $name;
}

sub indicator_of { return (split /:/, shift)[0] }

# ---- quarters: 2024Q3 is 2024 * 4 + 2

sub quarter { my ($y, $q) = shift =~ /^(\d{4})Q([1-4])$/ or die "no quarter: @_\n"; return $y * 4 + $q - 1 }
sub quarter_code { my $n = shift; return int($n / 4) . 'Q' . ($n % 4 + 1) }
sub quarter_of_day { my ($y, $m) = shift =~ /^(\d{4})-(\d\d)/; return $y * 4 + int(($m - 1) / 3) }

sub span {
	my ($text) = @_;
	return ((span($1))[0], (span($2))[1]) if $text =~ /^(.*)\.\.(.*)$/;
	return (quarter($text)) x 2 if $text =~ /Q/;
	return ($1 * 4 + $2 * 2 - 2, $1 * 4 + $2 * 2 - 1) if $text =~ /^(\d{4})S([12])$/;
	return ($text * 4, $text * 4 + 3);
}

sub period {
	my ($n, $frequency) = @_;
	return int($n / 4) . 'S' . (int($n % 4 / 2) + 1) if $frequency eq 'semiannual';
	return $frequency eq 'annual' ? int($n / 4) : quarter_code($n);
}

# The last day of a quarter, or today in Baghdad.
sub day_of {
	my $n = shift;
	my $last = int($n / 4) . (qw(-03-31 -06-30 -09-30 -12-31))[ $n % 4 ];
	my $today = strftime('%Y-%m-%d', gmtime(time + 3 * 3600));
	return $last lt $today ? $last : $today;
}

# ---- who is asked what

sub ends_in {
	my ($i, $n, $code) = @_;
	return any { indicator_of($_) eq $i->{code} } keys %{ $given{$code} } if $i->{frequency} eq 'survey';
	return ($n + 1) % $LENGTH{ $i->{frequency} } == 0;
}

sub reports_in { my ($i, $n) = @_; return grep { !$_->{from} || quarter($_->{from}) <= $n } @{ $i->{reporters} } }

# The governments of which some entity is asked for a cell: where each of its categories is one of theirs.
sub asked_sides {
	my ($cell, $n) = @_;
	my (undef, $tuple) = split /:/, $cell, 2;
	my %side = map { $side_of{ $_->{entity} } => 1 } reports_in($indicator{ indicator_of($cell) }, $n);
	for my $part (split /,/, $tuple // '') {
		my ($dimension, $code) = split /=/, $part;
		my $of = $category{$dimension}{$code}{jurisdictions} or next;
		for my $side (keys %side) {
			delete $side{$side} unless any { $_ eq $side } @$of;
		}
	}
	return keys %side;
}

# ---- one cell in one quarter

sub answer {
	my ($cell, $kind, $number, $of) = @_;
	my $i = $indicator{ indicator_of($cell) };
	return { names => [ grep { $_ ne '' } map { folded($_) } split /\n/, $number eq '0' ? '' : $number ] } if $kind eq 'value' && $i->{combine} eq 'register';
	return { word => $number } if $kind eq 'value' && $i->{unit} =~ /^(yes_no|text)$/;
	return { number => exact($number) } if $kind eq 'value';
	return { ratio => 1, number => exact($number) } if $kind eq 'numerator';
	return { ratio => 1, of => exact($of) } if $kind eq 'denominator';
	return { ratio => 1, number => exact($number), of => exact($of) } if $kind eq 'ratio';
	return { blank => $kind };
}

sub adds { my $i = shift; return $i->{combine} =~ /^(parts|one|register)$/ && $i->{across_entities} =~ /^(sum|ratio)$/ }

# What entities' answers make in one government.
sub side_figure {
	my ($i, @answers) = @_;
	my @valued = grep { !$_->{blank} } @answers;
	my %figure = (valued => scalar @valued);
	$figure{ $_->{blank} }++ for grep { $_->{blank} } @answers;
	die "$i->{code}: two answers of a one\n" if $i->{combine} eq 'one' && @valued > 1;
	return \%figure if !@valued || !(adds($i) || $i->{combine} eq 'one');
	if ($i->{combine} eq 'register') {
		my %names = map { $_ => 1 } map { @{ $_->{names} } } @valued;
		return { %figure, kind => 'value', names => \%names, number => exact(scalar keys %names) };
	}
	return { %figure, kind => 'word', word => $valued[0]{word} } if $i->{combine} eq 'one' && defined $valued[0]{word};
	return \%figure if any { defined $_->{word} } @valued;
	my ($number, $of) = (sum(map { $_->{number} } @valued), sum(map { $_->{of} } @valued));
	return { %figure, kind => 'value', number => $number } unless any { $_->{ratio} } @valued;
	# Halves make a percentage where both are there.
	my $lone_number = any { $_->{ratio} && !defined $_->{of} } @valued;
	my $lone_of = any { $_->{ratio} && !defined $_->{number} } @valued;
	return { %figure, kind => 'ratio', number => $number, of => $of, whole => defined $number && defined $of && !$lone_number == !$lone_of };
}

sub nation_figure {
	my ($i, $cell, $n, @sides) = @_;
	my @there = grep { $_->{kind} } @sides;
	my %figure;
	for my $word (qw(valued withheld not_available not_collected)) { $figure{$word} += $_->{$word} // 0 for @sides }
	if (!adds($i)) {
		return \%figure unless $i->{combine} eq 'one' && asked_sides($cell, $n) == 1;
		return { %figure, @there ? %{ $there[0] } : () };
	}
	return \%figure unless @there;
	if ($i->{combine} eq 'register') {
		my %names = map { %{ $_->{names} } } @there;
		return { %figure, kind => 'value', names => \%names, number => exact(scalar keys %names) };
	}
	return { %figure, kind => $there[0]{kind}, number => sum(map { $_->{number} } @there), of => sum(map { $_->{of} } @there), whole => all { $_->{whole} } @there };
}

# What is not combined is listed; what may count a person twice says so.
sub label {
	my ($i, $cell, $n, $side) = @_;
	return $i->{unit} eq 'text' ? 'listed' : 'derived' if $i->{combine} eq 'derived';
	my $combined = adds($i) || ($i->{combine} eq 'one' && ($side ne 'iraq' || asked_sides($cell, $n) == 1));
	return !$combined ? 'listed' : $i->{may_overlap} ? 'contacts' : '';
}

# ---- derived: of the system's own rows

sub in_plan { my ($n, $side) = @_; my %e = map { $_->{entity} => 1 } map { reports_in($_, $n) } values %indicator; return grep { $side_of{$_} eq $side } keys %e }

my %FORMULA = (
	# The day of an agreement is not told: it is today's.
	sectoral_plans => sub { my ($n, $side) = @_; my @in = in_plan($n, $side); my $now = day_of($n) eq day_of(40000); return (scalar(grep { $now && $own_plan{$_} } @in), scalar @in) },
	focal_points => sub {
		my ($n, $side) = @_;
		my ($day, @in) = (day_of($n), in_plan($n, $side));
		my $two = grep { my %who = map { $_->{user} => 1 } grep { $_->{from} le $day && $day le $_->{to} } @{ $focal{$_} // [] }; keys %who > 1 } @in;
		return ($two, scalar @in);
	},
	reports_on_time => sub {
		my ($n, $side) = @_;
		my $code = quarter_code($n);
		my %due = map { $_->{entity} => 1 } map { reports_in($_, $n) } grep { ends_in($_, $n, $code) } values %indicator;
		my @due = grep { $_ && !$_->{excused} } map { $report{$code}{$_} } grep { $side_of{$_} eq $side } keys %due;
		return (scalar(grep { $_->{submitted} ne '' && $_->{submitted} le $_->{due} } @due), scalar @due);
	},
	full_tables => sub {
		my ($n, $side) = @_;
		my ($code, $full, $all) = (quarter_code($n), 0, 0);
		for my $entity (grep { $side_of{$_} eq $side } keys %{ $asked{$code} // {} }) {
			for my $i (keys %{ $asked{$code}{$entity} }) {
				my $total = $given{$code}{$i}{$entity};
				my @table = grep { /:/ } @{ $asked{$code}{$entity}{$i} };
				next if !@table || !$total || $total->{blank};
				$all++;
				$full++ if all { my $a = $given{$code}{$_}{$entity}; $a && ($a->{blank} // 'not_applicable') eq 'not_applicable' } @table;
			}
		}
		return ($full, $all);
	},
	activities_funded => sub {
		my ($n, $side) = @_;
		my ($code, $funded, $all) = (quarter_code($n), 0, 0);
		for my $activity (grep { $side_of{ $_->{lead} } eq $side } @activities) {
			my $said = $told_of{$code}{ $activity->{code} } // {};
			next if ($said->{ $activity->{lead} }{status} // '') eq 'cancelled';
			$all++;
			$funded++ if any { $_->{in_kind} || any { exact($_) > 0 } @{ $_->{allocated} } } map { $said->{$_} } grep { $side_of{$_} eq $side } keys %$said;
		}
		return ($funded, $all);
	},
	meetings => sub { my ($n, $side, $i) = @_; my $from = $n - $LENGTH{ $i->{frequency} } + 1; return scalar grep { $_->{side} eq $side && $_->{quarter} >= $from && $_->{quarter} <= $n } @meetings },
	annual_report => sub { my ($n, $side) = @_; return $published{ int($n / 4) }{$side} ? 1 : 0 },
	report_words => sub { return () },
);

sub derived_figures {
	my ($i, $n) = @_;
	my %made = map { $_ => [ $FORMULA{ $i->{formula} }->($n, $_, $i) ] } @SIDES;
	return () unless @{ $made{federal} };
	if ($i->{unit} eq 'yes_no') {
		$made{iraq} = [ max(map { $made{$_}[0] } @SIDES) ];
		return map { $_ => { kind => 'word', word => $made{$_}[0] ? 'yes' : 'no' } } keys %made;
	}
	$made{iraq} = [ map { my $at = $_; $made{federal}[$at] + $made{kurdistan}[$at] } 0 .. $#{ $made{federal} } ];
	return map { $_ => { kind => @{ $made{$_} } > 1 ? 'ratio' : 'value', number => exact($made{$_}[0]), of => defined $made{$_}[1] ? exact($made{$_}[1]) : undef, whole => 1 } } keys %made;
}

# ---- quarters, and what they make over a span

# figure{cell}{side}{quarter}
my %figure;
for my $code (@rounds) {
	my $n = quarter($code);
	for my $cell (keys %{ $given{$code} // {} }) {
		my $i = $indicator{ indicator_of($cell) } or die "$cell: no such indicator\n";
		my %answers;
		push @{ $answers{ $side_of{$_} } }, $given{$code}{$cell}{$_} for keys %{ $given{$code}{$cell} };
		my %made = map { $_ => side_figure($i, @{ $answers{$_} }) } keys %answers;
		$figure{$cell}{$_}{$n} = $made{$_} for keys %made;
		$figure{$cell}{iraq}{$n} = nation_figure($i, $cell, $n, values %made);
	}
	for my $i (grep { $_->{combine} eq 'derived' && ends_in($_, $n, $code) } values %indicator) {
		my %made = derived_figures($i, $n);
		$figure{ $i->{code} }{$_}{$n} = $made{$_} for keys %made;
	}
}

sub rule {
	my $i = shift;
	return 'none' if $i->{combine} eq 'each' || $i->{across_periods} =~ /^(none|average)$/;
	return $i->{value_kind} eq 'in_period' ? $i->{across_periods} : 'last';
}

# The figure that the papers want of a cell for a span, as it is told: undef where there is none.
sub figure_of {
	my ($span, $cell, $side, $period) = @_;
	my $i = $indicator{ indicator_of($cell) };
	my $quarters = $figure{$cell}{$side} // {};
	return $quarters->{ quarter($span) } unless $span =~ s/^=//;
	my ($first, $last) = span($span);
	my $rule = label($i, $cell, $last, $side) eq 'listed' ? 'none' : rule($i);
	my @inside = grep { $_ >= $first && $_ <= $last } sort { $a <=> $b } keys %$quarters;
	return (map { $quarters->{$_} } grep { period($_, $i->{frequency}) eq $period } @inside)[0] if $rule eq 'none';
	if ($rule eq 'last') {
		my @there = grep { $quarters->{$_}{kind} } @inside;
		return { %{ $quarters->{ $there[-1] } }, period => period($there[-1], $i->{frequency}) } if @there;
		# Without a figure it speaks of the last quarter that asked for it.
		my ($at) = grep { $_ >= $first && $_ <= $last && ends_in($i, $_, quarter_code($_)) } reverse map { quarter($_) } @rounds;
		return defined $at ? $quarters->{$at} : undef;
	}
	# A flow wants its whole period inside.
	@inside = map { $quarters->{$_} } grep { $_ - $LENGTH{ $i->{frequency} } + 1 >= $first } @inside;
	my @there = grep { $_->{kind} } @inside;
	my %sum;
	for my $word (qw(valued withheld not_available not_collected)) { $sum{$word} += $_->{$word} // 0 for @inside }
	return \%sum unless @there;
	return { %sum, period => $span, kind => $there[0]{kind}, number => sum(map { $_->{number} } @there), of => sum(map { $_->{of} } @there),
		whole => all { $_->{whole} || ($_->{of} && $_->{of}->is_zero) } @there };
}

# kind, number, denominator, percent and words as one text.
sub shown {
	my ($i, $f) = @_;
	return '' unless $f && $f->{kind};
	return "word $f->{word}" if $f->{kind} eq 'word';
	return 'value ' . plain($f->{number}) if $f->{kind} eq 'value';
	return join ' ', 'ratio', plain($f->{number}), plain($f->{of}), $f->{whole} ? percent($f->{number}, $f->{of}, $i->{multiplier}) : '';
}

sub told {
	my ($i, $kind, $number, $of, $percent) = @_;
	return $kind if $kind =~ /^(hidden)?$/;
	return "word $number" if $kind eq 'value' && $i->{unit} =~ /^(yes_no|text)$/;
	return 'value ' . plain(exact($number)) if $kind eq 'value';
	return join ' ', 'ratio', $kind eq 'denominator' ? '-' : plain(exact($number)), $kind eq 'numerator' ? '-' : plain(exact($of)), $percent;
}

# ---- the comparison

my ($compared, $figures, $differences, %seen, %spans) = (0, 0, 0);

sub differs {
	my ($where, $what, $here, $there) = @_;
	$differences++;
	print "$where: $what: told '$there', counted '$here'\n" if $differences <= 50;
}

for my $line (lines($figures_file)) {
	my ($word, $span, $cell, $side, $period, $kind, $number, $of, $percent, $label, @coverage) = @$line;
	if ($word eq 'span') {
		$spans{$span}{$cell} = 1; # by indicator, by table
		next;
	}
	my $i = $indicator{ indicator_of($cell) } or die "$cell: no such indicator\n";
	my $mine = figure_of($span, $cell, $side, $period);
	my $where = "$span $cell $side";
	my ($here, $there) = (shown($i, $mine), told($i, $kind, $number, $of, $percent));
	my $end = (span($span =~ s/^=//r))[1];
	$compared++;
	$figures++ if $there ne '';
	$seen{$where} = 1;
	differs($where, 'figure', $here, $there) if $here ne $there;
	differs($where, 'period', $mine->{period}, $period) if $mine && defined $mine->{period} && $mine->{period} ne $period;
	differs($where, 'label', label($i, $cell, $end, $side), $label) if label($i, $cell, $end, $side) ne $label;
	next if $i->{combine} eq 'derived';
	my $counts = join ' ', map { $mine->{$_} // 0 } qw(valued withheld not_available not_collected);
	differs($where, 'answers', $counts, "@coverage") if $counts ne "@coverage";
}

# What was not told though there is a figure.
for my $span (sort keys %spans) {
	for my $cell (sort keys %figure) {
		for my $side (sort keys %{ $figure{$cell} }) {
			next if $seen{"$span $cell $side"} || ($cell =~ /:/ && !$spans{$span}{table});
			my @periods = rule($indicator{ indicator_of($cell) }) eq 'none' ? map { period($_, $indicator{ indicator_of($cell) }{frequency}) } keys %{ $figure{$cell}{$side} } : ('');
			differs("$span $cell $side", 'figure', $_, 'nothing') for grep { $_ ne '' } map { shown($indicator{ indicator_of($cell) }, figure_of($span, $cell, $side, $_)) } @periods;
		}
	}
}

print "compared=$compared figures=$figures differences=$differences\n";
exit($differences || !$figures ? 1 : 0);
