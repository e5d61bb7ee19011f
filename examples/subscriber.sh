#!/bin/sh
# Print headlines as they are published: wireroom tail --json | subscriber.sh
# One event a line comes in; sed takes out what is needed, so that nothing but a shell is.
#
# wireroom tail reads what it missed from the log by itself. The check here is for lines that get
# lost behind it, on a pipe through the network for instance.
seen=$(mktemp) || exit 1
trap 'rm -f "$seen"' EXIT

field() # name: the text of the first member of that name
{
    printf '%s\n' "$event" |
        sed -n "s/[{,]\"$1\":\"/\n/;T;s/^[^\n]*\n//;s/^\(\([^\"\\\\]\|\\\\.\)*\)\".*\$/\1/p"
}

while IFS= read -r event; do
    type=$(field type)
    type=${type#wireroom.}
    type=${type%.v1}
    case $type in article.*) ;; *) continue ;; esac
    language=$(field language)
    language=${language%%-*}
    topic="all/$type/${language:-und}/"
    before=$(field prevsequence)
    last=$(sed -n "s|^$topic ||p" "$seen" | tail -n 1)
    if [ -n "$last" ] && [ "$last" != "$before" ]; then
        echo "gap: read on with wireroom tail --since $(echo "$last" | sed 's/^0*//')"
    fi
    echo "$topic $(field sequence)" >>"$seen"
    field headline
done
