#!/usr/bin/env bash
# Step of action.yml: runs ctxsize check, once for each of its formats. The log gets
# the text for people and the annotations, the job summary the report.
#
# It succeeds whatever the check says, so that what follows can post the report.
# Outputs: status, the check's exit status; report, a file of markdown; sarif, a
# file, where that is asked for and there was something to measure.
#
# PROGRAM is ctxsize, INPUT_… are the inputs of the action. The Bash of macOS is
# 3.2, where an empty array counts as unset.
set -euo pipefail

results=$RUNNER_TEMP/ctxsize
report=$results/report.md
errors=$results/errors.txt
mkdir -p "$results"

# words splits a text at blanks as a shell does, with its quotes, and ends each
# with a zero byte. Nothing is expanded, and nothing runs.
words() {
	[ -z "${1//[[:space:]]/}" ] || xargs printf '%s\0' <<<"$1"
}

# base prints the commit that is compared with: what the pull request or the merge
# group would be merged into, or what the branch was before the push. Where the
# event names none, it is the first parent. It is fetched where it is missing.
base() {
	local sha
	sha=$(jq -r '.pull_request.base.sha // .merge_group.base_sha // .before // ""' "$GITHUB_EVENT_PATH" |
		tr -d '\r') || return 1 # which ends lines on Windows
	# A pull request is checked out as a merge that GitHub made, maybe into a newer
	# base than the event's. In a shallow clone only the commit itself tells it.
	if [ -z "${sha//0/}" ] || { [ "$GITHUB_EVENT_NAME" = pull_request ] && [ "$(git rev-parse HEAD)" = "$GITHUB_SHA" ]; }; then
		sha=$(git cat-file commit HEAD | sed -n -e '/^$/q' -e '/^parent /{s///p;q;}')
	fi
	[ -n "$sha" ] || return 1
	git cat-file -e "$sha^{commit}" 2>/dev/null || git fetch --quiet --no-tags --depth=1 origin "$sha" || return 1
	echo "$sha"
}

# check runs the check in one format, unless a run before could not measure. The
# worst exit status is kept.
status=0
check() {
	local s=0
	[ "$status" -lt 2 ] || return 0
	"$PROGRAM" check "${arguments[@]}" --format "$1" ${context:+-- "$context"} 2>"$errors" || s=$?
	[ "$s" -le "$status" ] || status=$s
}

# refuse says why there is nothing to measure.
refuse() {
	echo "error: $1" >"$errors"
	status=2
}

# escaped makes a text the message of an annotation.
# (actions/toolkit, packages/core/src/command.ts, escapeData)
escaped() { sed -e 's/%/%25/g' | tr -d '\r' | awk '{printf "%s%s", separator, $0; separator = "%0A"}'; }

# Places in the reports are named as the path is, and code scanning wants them from
# the top of the repository.
context=${INPUT_PATH#"$GITHUB_WORKSPACE"/}
arguments=(--progress none)
if words "$INPUT_ARGS" >"$results/words" 2>"$errors"; then
	while IFS= read -r -d '' word; do arguments+=("$word"); done <"$results/words"
else
	refuse "the input args is no list of words: $(cat "$errors")"
fi
[ -z "$INPUT_CONFIG" ] || arguments+=(--config "$INPUT_CONFIG")
against=$INPUT_AGAINST
if [ "$against" = base ]; then
	against=$(base) || refuse "the base of this run cannot be had; check out with fetch-depth: 0, or name a revision in the input against"
fi
[ -z "$against" ] || arguments+=(--against "$against")

# What stands in the log between these is no command to the runner, whatever a file
# is called. (actions/toolkit, docs/commands.md)
resume=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$resume"
check text
cat "$errors"
echo "::$resume::"

check github
check markdown >"$report"
sarif=
if [ "$INPUT_SARIF" = true ]; then
	sarif=$results/ctxsize.sarif
	check sarif >"$sarif"
fi
if [ "$status" -ge 2 ]; then
	sarif=
	echo "::error title=ctxsize could not check the context::$(escaped <"$errors")"
	{
		printf '<!-- ctxsize:check -->\n### ctxsize could not check the context\n\n'
		sed 's/^/    /' "$errors" # a block of code, which nothing inside can end
	} >"$report"
fi

cat "$report" >>"$GITHUB_STEP_SUMMARY"
printf '%s\n' "status=$status" "report=$report" "sarif=$sarif" >>"$GITHUB_OUTPUT"
