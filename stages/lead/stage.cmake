set(stage_lead_link text base PkgConfig::icu)
