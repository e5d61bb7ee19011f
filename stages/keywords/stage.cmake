set(stage_keywords_link text base PkgConfig::icu m)
