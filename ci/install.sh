#!/usr/bin/env bash
# Step of action.yml: builds ctxsize with go install. The version is INPUT_VERSION,
# or without one what lies beside this script: the version of the action itself.
#
# Output: program, the path of what was built.
set -euo pipefail

if ! command -v go >/dev/null; then
	echo "::error title=ctxsize::There is no Go to build ctxsize with. Put a step with actions/setup-go before this one."
	exit 2
fi

# GOTOOLCHAIN lets an older Go fetch the one that go.mod asks for. The rest keeps
# what the job has set for its own builds away from this one.
export GOBIN=$RUNNER_TEMP/ctxsize GOTOOLCHAIN=auto GOWORK=off GOFLAGS='' CGO_ENABLED=0
unset GOOS GOARCH

if [ -n "$INPUT_VERSION" ]; then
	cd "$RUNNER_TEMP"
	go install "github.com/ctxsize/ctxsize/cmd/ctxsize@$INPUT_VERSION"
else
	cd "$(dirname "${BASH_SOURCE[0]}")/.."
	go install -buildvcs=false ./cmd/ctxsize
fi
echo "program=$GOBIN/ctxsize" >>"$GITHUB_OUTPUT"
