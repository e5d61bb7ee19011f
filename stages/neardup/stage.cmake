set(stage_neardup_link text base PkgConfig::icu m)
