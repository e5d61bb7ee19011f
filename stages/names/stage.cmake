set(stage_names_link text base PkgConfig::icu)
