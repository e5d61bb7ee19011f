set(stage_quotes_link text base PkgConfig::icu)
