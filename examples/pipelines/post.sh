#!/bin/sh
# Each record to a channel of Slack, a topic of ntfy, or a web hook that takes CloudEvents:
#   wireroom tail --json --type new | sh post.sh slack https://hooks.slack.com/services/...
#   wireroom tail --json --type story | sh post.sh ntfy https://ntfy.sh/our-desk
#   wireroom tail --json | sh post.sh hook https://desk.example.org/news
# It ends when one cannot be delivered, and says after which sequence to go on.
set -eu
kind=$1 url=$2 last=0
case $kind in
slack)
    type=application/json
    shape='def plain: gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;");
        {text: ((.data.source.name // "story" | plain) + ": " + if .data.url
            then "<\(.data.url)|\(.data.headline // .data.url | plain)>" else .data.headline // .type | plain end)}'
    ;;
ntfy)
    type=application/json
    topic=${url##*/} url=${url%/*}
    shape='{topic: $topic, title: (.data.source.name // .type), message: (.data.headline // .data.state // .type)}
        + if .data.url then {click: .data.url} else {} end'
    ;;
hook) type=application/cloudevents+json shape=. ;;
*) echo "usage: post.sh slack|ntfy|hook URL" >&2; exit 2 ;;
esac
while IFS= read -r event; do
    if ! printf '%s\n' "$event" | jq -c --arg topic "${topic:-}" "$shape" |
        curl -fsS --retry 5 --retry-all-errors --max-time 20 -H "Content-Type: $type" --data-binary @- "$url" >/dev/null; then
        echo "not delivered; go on with: wireroom tail --since $last" >&2
        exit 1
    fi
    last=$(printf '%s\n' "$event" | jq -r .sequence)
done
