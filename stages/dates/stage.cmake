set(stage_dates_link text base PkgConfig::icu)
