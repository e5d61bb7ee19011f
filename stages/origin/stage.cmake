set(stage_origin_link text base PkgConfig::icu)
