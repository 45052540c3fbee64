#!/usr/bin/env bash
# Step of action.yml: keeps one comment of the pull request up to date with the
# report. It is ours, found again by the marker that it begins with.
#
# Where it cannot be written, as with the token of a pull request from a fork, which
# may only read, that is said in the log and in the job summary, which has the
# report. The step succeeds all the same: the gate is the check, not the comment.
#
# REPORT is a file of markdown whose first line is the marker; TOKEN is a token of
# GitHub's. The rest of the environment is the runner's.
set -euo pipefail

marker='<!-- ctxsize:check -->'
answer=$RUNNER_TEMP/ctxsize/answer.json
body=$RUNNER_TEMP/ctxsize/body.json
repository=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY

# On Windows jq ends lines with a carriage return, too.
jq() { command jq "$@" | tr -d '\r'; }

# api METHOD URL [OPTION OF CURL...] asks GitHub: code is the HTTP status, 000 where
# no answer came, and $answer has what it said. The token goes by a pipe, because
# the arguments of a program are seen by every other.
api() {
	local method=$1 url=$2
	shift 2
	: >"$answer"
	code=$(printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" |
		curl --config - --silent --show-error --max-time 30 --request "$method" \
			--header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
			--output "$answer" --write-out '%{http_code}' "$@" "$url") || code=000
	case $code in 2??) ;; *) return 1 ;; esac
}

# find_comment sets id to our comment, or to nothing where there is none yet. Anybody can
# begin a comment with the marker, and a token that may write may overwrite
# everybody's: who wrote it decides.
find_comment() {
	local me page=1 count=100
	id=
	api POST "$GITHUB_GRAPHQL_URL" --data '{"query":"{viewer{login}}"}' || return 1
	me=$(jq -er .data.viewer.login "$answer") || return 1
	while [ -z "$id" ] && [ "$count" -eq 100 ]; do
		api GET "$repository/issues/$number/comments?per_page=100&page=$page" || return 1
		count=$(jq -e length "$answer") || return 1
		id=$(jq -r --arg me "$me" --arg marker "$marker" \
			'first(.[] | select(.user.login == $me and ((.body // "") | startswith($marker))) | .id) // ""' "$answer") || return 1
		page=$((page + 1))
	done
}

post() {
	find_comment || return 1
	if [ -n "$id" ]; then
		api PATCH "$repository/issues/comments/$id" --data-binary "@$body"
	else
		api POST "$repository/issues/$number/comments" --data-binary "@$body"
	fi
}

# give_up LEVEL REASON says why there is no comment, and ends the step.
give_up() {
	echo "::$1 title=ctxsize::The report is in the job summary, not in a comment: $2."
	printf '\n> This report is not in a comment of the pull request: %s.\n' "$2" >>"$GITHUB_STEP_SUMMARY"
	exit 0
}

for tool in curl jq; do
	command -v "$tool" >/dev/null || give_up warning "$tool is not installed on this runner"
done
number=$(jq -r '.pull_request.number // ""' "$GITHUB_EVENT_PATH")
if [ -z "$number" ]; then
	echo "This run is not of a pull request: there is nothing to comment on."
	exit 0
fi

# GitHub takes 65,536 characters.
jq -Rs --arg run "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID" '{body:
	(if length <= 65000 then .
	else (.[:65000] | split("\n")[:-1] | join("\n")) + "\n\nThe rest is in the [job summary](" + $run + ").\n" end)}' \
	"$REPORT" >"$body"

# A comment may have been written though the answer was lost: each attempt looks for
# it again.
for pause in 2 4 8 0; do
	if post; then
		echo "The report is in $(jq -r .html_url "$answer")"
		exit 0
	fi
	case $code in
	000 | 429 | 5??) sleep "$pause" ;;
	*) break ;;
	esac
done
case $code in
401 | 403 | 404)
	give_up notice 'the token may not write it. On a pull request from a fork it can only read; elsewhere give the job the permission "pull-requests: write"'
	;;
000) give_up warning "GitHub's API gives no answer" ;;
*) give_up warning "GitHub's API answers $code, and not what was expected" ;;
esac
