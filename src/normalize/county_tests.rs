//! Counties by table: one line per spelling.

use proptest::prelude::*;

use super::county;
use crate::model::Value;
use crate::spec::Roster;

fn roster() -> Roster {
    toml::from_str(include_str!("../../pipelines/roster.toml")).unwrap()
}

/// `中原区 410102 N411`: name, code and remarks.
fn show(text: &str, unit: &str, roster: &Roster) -> String {
    let own = roster.unit.iter().find(|u| u.name == unit);
    let reading = county(text, own, roster);
    let codes = if reading.remarks.is_empty() { "" } else { " N411" };
    assert!(reading.remarks.iter().all(|r| r.code == "N411"));
    match reading.value {
        Some(Value::County { name, code }) => format!("{name} {}{codes}", code.as_deref().unwrap_or("-")),
        other => format!("{other:?}{codes}"),
    }
}

const PLACES: &[(&str, &str, &str)] = &[
    // full and short names
    ("中原区", "郑州市", "中原区 410102"),
    ("中原", "郑州市", "中原区 410102"),
    (" 中 原 区 ", "郑州市", "中原区 410102"),
    ("中原区。", "郑州市", "中原区 410102"),
    ("管城回族区", "郑州市", "管城回族区 410104"),
    ("管城区", "郑州市", "管城回族区 410104"),
    ("管城", "郑州市", "管城回族区 410104"),
    ("瀍河", "洛阳市", "瀍河回族区 410304"),
    ("孟津", "洛阳市", "孟津区 410308"),
    ("嵩县", "洛阳市", "嵩县 410325"),
    ("辉县", "新乡市", "辉县市 410782"),
    ("辉县市", "新乡市", "辉县市 410782"),
    ("卫辉", "新乡市", "卫辉市 410781"),
    ("新县", "信阳市", "新县 411523"),
    ("兰考", "开封市", "兰考县 410225"),
    ("410102", "郑州市", "中原区 410102"),
    // old names
    ("偃师市", "洛阳市", "偃师区 410307"),
    ("孟津县", "洛阳市", "孟津区 410308"),
    ("吉利区", "洛阳市", "孟津区 410308"),
    ("开封县", "开封市", "祥符区 410212"),
    ("陕县", "三门峡市", "陕州区 411203"),
    ("许昌县", "许昌市", "建安区 411003"),
    ("长垣县", "新乡市", "长垣市 410783"),
    ("淮阳县", "周口市", "淮阳区 411603"),
    // with province and city
    ("郑州市中原区", "郑州市", "中原区 410102"),
    ("郑州中原区", "郑州市", "中原区 410102"),
    ("河南省洛阳市嵩县", "洛阳市", "嵩县 410325"),
    ("河南省嵩县", "洛阳市", "嵩县 410325"),
    ("洛阳市-嵩县", "洛阳市", "嵩县 410325"),
    ("洛阳市/孟津区", "洛阳市", "孟津区 410308"),
    ("洛阳市（涧西区）", "洛阳市", "涧西区 410305"),
    ("郑州市新郑", "郑州市", "新郑市 410184"),
    // a city and its county of one stem
    ("安阳县", "安阳市", "安阳县 410522"),
    ("安阳市安阳县", "安阳市", "安阳县 410522"),
    ("安阳", "安阳市", "安阳市 -"),
    ("安阳市", "安阳市", "安阳市 -"),
    ("新乡", "新乡市", "新乡市 -"),
    ("新乡县", "新乡市", "新乡县 410721"),
    ("新乡县七里营镇", "新乡市", "新乡县 410721"),
    ("新乡市新乡县", "新乡市", "新乡县 410721"),
    ("濮阳县户部寨镇", "濮阳市", "濮阳县 410928"),
    // the unit itself
    ("市本级", "郑州市", "郑州市 -"),
    ("郑州市本级", "郑州市", "郑州市 -"),
    ("市直", "许昌市", "许昌市 -"),
    ("市直单位", "许昌市", "许昌市 -"),
    ("许昌市市直单位", "许昌市", "许昌市 -"),
    ("市区", "周口市", "周口市 -"),
    ("全市", "周口市", "周口市 -"),
    // zones
    ("高新区", "郑州市", "郑州高新技术产业开发区 410172"),
    ("高新区", "洛阳市", "洛阳高新技术产业开发区 410371"),
    ("洛阳高新区", "洛阳市", "洛阳高新技术产业开发区 410371"),
    ("洛阳市高新区", "洛阳市", "洛阳高新技术产业开发区 410371"),
    ("洛阳高新区", "郑州市", "洛阳高新技术产业开发区 410371"),
    ("郑州市经开区", "郑州市", "郑州经济技术开发区 410171"),
    ("信阳市高新区", "信阳市", "信阳高新技术产业开发区 411571"),
    ("平原示范区", "新乡市", "新乡市平原城乡一体化示范区 410773"),
    ("城乡一体化示范区", "南阳市", "南阳市城乡一体化示范区 411372"),
    ("城乡一体化示范区城关镇", "南阳市", "南阳市城乡一体化示范区 411372"),
    ("临港开发区", "周口市", "周口临港开发区 411671"),
    ("潢川经济开发区", "信阳市", "潢川经济开发区 -"),
    ("羊山新区", "信阳市", "羊山新区 -"),
    ("郑东新区", "郑州市", "郑东新区 -"),
    // places within a county
    ("嵩县产业集聚区", "洛阳市", "嵩县 410325"),
    ("修武县先进制造业开发区", "焦作市", "修武县 410821"),
    ("孟津先进制造业开发区", "洛阳市", "孟津区 410308"),
    ("新安产业集聚区", "洛阳市", "新安县 410323"),
    ("洛阳市嵩县城关镇纸房路", "洛阳市", "嵩县 410325"),
    ("偃师市首阳山街道", "洛阳市", "偃师区 410307"),
    ("河南省郑州市中原区建设西路与文化宫路交叉口", "郑州市", "中原区 410102"),
    ("位于中牟县官渡镇", "郑州市", "中牟县 410122"),
    ("高新区（中原区沟赵）", "郑州市", "郑州高新技术产业开发区 410172"),
    // other units
    ("嵩县", "郑州市", "嵩县 410325"),
    ("洛阳市嵩县", "郑州市", "嵩县 410325"),
    ("兰考县产业集聚区", "郑州市", "兰考县 410225"),
    ("孟津", "郑州市", "孟津区 410308"),
    ("洛阳市", "郑州市", "洛阳市 -"),
    ("航空港区", "郑州市", "郑州航空港区 -"),
    ("郑州市航空港区", "郑州市", "郑州航空港区 -"),
    ("航空港", "郑州市", "郑州航空港区 -"),
    ("新华区", "郑州市", "新华区 410402"),
    // without a unit
    ("中原区", "", "中原区 410102"),
    ("洛阳高新区", "", "洛阳高新技术产业开发区 410371"),
    ("高新区", "", "高新区 - N411"),
    ("安阳", "", "安阳市 -"),
    // units without counties
    ("航空港区", "郑州航空港区", "郑州航空港区 -"),
    ("八千街道", "郑州航空港区", "八千街道 -"),
    ("济源", "济源示范区", "济源市 419001"),
    ("济源市", "济源示范区", "济源市 419001"),
    ("济源市思礼镇", "济源示范区", "济源市 419001"),
    ("五龙口镇", "济源示范区", "五龙口镇 -"),
    // several, unknown
    ("中原区、金水区", "郑州市", "中原区、金水区 - N411"),
    ("中原区和金水区", "郑州市", "中原区和金水区 - N411"),
    ("中原区/二七区", "郑州市", "中原区/二七区 - N411"),
    ("中原区、中原区", "郑州市", "中原区 410102"),
    ("海淀区", "郑州市", "海淀区 - N411"),
    ("中原路100号", "郑州市", "中原路100号 - N411"),
    ("某镇某村", "郑州市", "某镇某村 - N411"),
    ("北京市", "郑州市", "北京市 - N411"),
    ("嵩", "洛阳市", "嵩 - N411"),
];

#[test]
fn places() {
    let roster = roster();
    let wrong: Vec<String> = PLACES
        .iter()
        .filter_map(|(text, unit, expected)| {
            let got = show(text, unit, &roster);
            (got != *expected).then(|| format!("{text} in {unit}: {got}, expected {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn blanks_say_nothing() {
    let roster = roster();
    for text in ["", "—", "无", "/"] {
        assert_eq!(show(text, "郑州市", &roster), "None");
    }
}

#[test]
fn every_area_is_found_by_each_of_its_spellings() {
    let roster = roster();
    for unit in &roster.unit {
        for area in &unit.area {
            for name in std::iter::once(&area.name).chain(&area.aliases) {
                let expected = format!("{} {}", area.name, area.code.as_deref().unwrap_or("-"));
                for text in [name.clone(), format!("{}{name}", unit.name)] {
                    assert_eq!(show(&text, &unit.name, &roster), expected, "{text} in {}", unit.name);
                }
            }
        }
    }
}

#[test]
fn every_county_is_found_from_every_unit() {
    let roster = roster();
    for unit in &roster.unit {
        for area in unit.area.iter().filter(|a| !a.zone) {
            let expected = format!("{} {}", area.name, area.code.as_deref().unwrap_or("-"));
            for other in &roster.unit {
                // An old name of an own county may be the name of another unit's.
                let taken = other.code != unit.code && other.area.iter().any(|a| a.aliases.contains(&area.name));
                if !taken {
                    assert_eq!(show(&area.name, &other.name, &roster), expected, "{} in {}", area.name, other.name);
                }
            }
            assert_eq!(show(&format!("河南省{}{}", unit.name, area.name), "", &roster), expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_panics(text in "\\PC{0,20}", own in 0usize..20) {
        let roster = roster();
        let _ = county(&text, roster.unit.get(own), &roster);
    }
}
