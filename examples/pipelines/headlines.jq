# jq: wireroom tail --json | jq -rf headlines.jq
select(.type | contains("article.new")) | .data | [.source.name // "", .headline // ""] | @tsv
