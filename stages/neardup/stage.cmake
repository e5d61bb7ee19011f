set(stage_neardup_link base PkgConfig::icu)
