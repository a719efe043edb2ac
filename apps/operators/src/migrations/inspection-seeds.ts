/** A first set of checklists and one rule for stars, for everywhere: a city sets its own beside them. */
export const INSPECTION_SEEDS = `
  INSERT INTO checklist (name, kind, from_day, items) VALUES
    ('站点通用检查', NULL, '2020-01-01', '[
      {"code": "fire_exits", "title": "疏散通道、安全出口畅通", "weight": 20, "severity": "severe"},
      {"code": "fire_equipment", "title": "消防器材完好有效", "weight": 15, "severity": "major"},
      {"code": "licences_shown", "title": "证照齐全并公示", "weight": 15, "severity": "major"},
      {"code": "prices_shown", "title": "服务项目与价格公示", "weight": 10, "severity": "minor"},
      {"code": "staff_certificates", "title": "人员持健康证上岗", "weight": 15, "severity": "major"},
      {"code": "hygiene", "title": "环境卫生整洁、有消毒记录", "weight": 15, "severity": "minor"},
      {"code": "complaints", "title": "投诉渠道公示、有处理记录", "weight": 10, "severity": "minor"}]'),
    ('助餐服务检查', 'meals', '2020-01-01', '[
      {"code": "food_safety", "title": "食品无变质、过期，生熟分开", "weight": 35, "severity": "severe"},
      {"code": "samples", "title": "食品留样48小时并有记录", "weight": 20, "severity": "major"},
      {"code": "sterilising", "title": "餐具清洗消毒", "weight": 20, "severity": "major"},
      {"code": "purchases", "title": "进货查验与台账", "weight": 15, "severity": "minor"},
      {"code": "menu", "title": "食谱与价格公示", "weight": 10, "severity": "minor"}]'),
    ('托育服务检查', 'childcare', '2020-01-01', '[
      {"code": "staff_ratio", "title": "人员配比符合规定", "weight": 25, "severity": "severe"},
      {"code": "class_size", "title": "班额不超上限", "weight": 15, "severity": "major"},
      {"code": "handover", "title": "接送交接与晨检记录", "weight": 20, "severity": "major"},
      {"code": "premises", "title": "活动场地与设施安全", "weight": 25, "severity": "severe"},
      {"code": "monitoring", "title": "监控全覆盖并保存90天", "weight": 15, "severity": "major"}]');

  INSERT INTO rating_rule (from_day, window_months, counts, inspections_min,
      two_stars_bp, three_stars_bp, four_stars_bp, five_stars_bp, severe_stars_max)
    VALUES ('2020-01-01', 12, 'authority', 1, 6000, 7500, 8500, 9500, 1);
`;
