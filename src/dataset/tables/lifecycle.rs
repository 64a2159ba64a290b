//! `lifecycle`.

use super::super::column::{Column, Datum, Kind};
use super::table::{Table, text, unit_code, unit_name};
use crate::model::{Field, Life, LifeStage, Stage};

type Row<'r> = &'r Life;
/// How a life gives a text.
type Get = fn(&Life) -> Option<&str>;

/// Projects over all batches.
pub(in super::super) fn lifecycle<'r>() -> Table<Row<'r>> {
    let mut columns = vec![
        text(
            "project_id",
            ("项目标识", "同一项目在各期、各批、各次重跑中标识相同。"),
            |r: &Row<'r>| Datum::text(r.latest.project_id.as_str()),
        ),
        text("project_name", ("项目名称", "最近一次清单中的名称。"), |r: &Row<'r>| {
            Datum::text(r.latest.name.as_str())
        }),
        unit_code(|r: &Row<'r>| Some(&r.latest.unit_code)),
        unit_name(|r: &Row<'r>| Some(&r.latest.unit_code)),
    ];
    let latest: [(Field, Get); 5] = [
        (Field::County, |r| r.latest.county_name.as_deref()),
        (Field::ProjectCode, |r| r.latest.project_code.as_deref()),
        (Field::Owner, |r| r.latest.owner.as_deref()),
        (Field::OwnerCreditCode, |r| r.latest.owner_credit_code.as_deref()),
        (Field::Sector, |r| r.latest.sector.as_deref()),
    ];
    for (field, get) in latest {
        let about = (field.title(), "最近一次写出的。");
        columns.push(text(field.key(), about, move |r: &Row<'r>| Datum::maybe(get(r))));
    }
    columns.extend(span());
    for stage in Stage::ALL {
        columns.extend(of_stage(stage));
    }
    columns.extend(statements());
    columns.extend(kin());
    Table {
        name: "lifecycle",
        title: "项目生命周期",
        one_row_per: "一个项目在全部各期中的历程",
        columns,
        place: |r| r.latest.name.clone(),
    }
}

fn span<'r>() -> Vec<Column<Row<'r>>> {
    vec![
        text("first_batch", ("首次出现的期", "首次进入任何一张清单的期。"), |r: &Row<'r>| {
            Datum::text(r.first_batch.as_str())
        }),
        text("last_batch", ("最近出现的期", "最近一次进入清单的期。"), |r: &Row<'r>| {
            Datum::text(r.latest.batch.as_str())
        }),
        text(
            "current_stage",
            ("目前阶段", "到过的最后一步：签约、开工、投产或达效。"),
            |r: &Row<'r>| Datum::text(r.current_stage()),
        ),
        Column::new(
            "total_investment_wan",
            Kind::Money,
            ("总投资", "最近一次写出的总投资，万元。"),
            |r: &Row<'r>, _| r.latest.total_yuan.map_or(Datum::Null, Datum::Money),
        ),
    ]
}

/// Name of a stage in column names.
fn key(stage: Stage) -> &'static str {
    match stage {
        Stage::Signing => "signing",
        Stage::Start => "start",
        Stage::Production => "production",
    }
}

fn of_stage<'r>(stage: Stage) -> Vec<Column<Row<'r>>> {
    let get = move |r: &Row<'r>| r.stages[stage.index()].as_ref();
    let (key, title) = (key(stage), stage.as_str());
    let named = move |name: &str, about: (&str, String), get: fn(&LifeStage) -> Datum<'_>| {
        Column::new(
            format!("{key}_{name}"),
            Kind::Text,
            (format!("{title}{}", about.0), about.1),
            move |r: &Row<'r>, _| {
                let stage: Option<&'r LifeStage> = r.stages[stage.index()].as_ref();
                stage.map_or(Datum::Null, get)
            },
        )
    };
    vec![
        named("batch", ("期", format!("首次进入{title}清单的期；为空表示没有进入过。")), |s| Datum::text(s.row.batch.as_str())),
        Column::new(
            format!("{key}_date"),
            Kind::Date,
            (format!("{title}时间"), format!("首次进入{title}清单时写的{title}时间。")),
            move |r: &Row<'r>, _| get(r).and_then(|s| s.row.date).map_or(Datum::Null, |d| Datum::Date(d.first)),
        ),
        named("date_precision", ("时间精度", "日期写到哪一级，同 projects。".to_owned()), |s| {
            Datum::maybe(s.row.date.map(|d| d.precision.as_str()))
        }),
        named("unit_code", ("单位代码", format!("首次在{title}清单中报送它的单位。")), |s| {
            Datum::text(s.row.unit_code.as_str())
        }),
        Column::new(
            format!("{key}_investment_wan"),
            Kind::Money,
            (format!("{title}时总投资"), format!("首次进入{title}清单时的总投资，万元。")),
            move |r: &Row<'r>, _| get(r).and_then(|s| s.row.total_yuan).map_or(Datum::Null, Datum::Money),
        ),
        named(
            "match",
            (
                "认定依据",
                "怎样认定这一行是这个项目：new 首次出现、project_code 项目代码相同、credit_code 信用代码、名称和县区相同、\
                 owner 项目单位和名称相同、place 名称和地点相同、published 已按同一项目发布。"
                    .to_owned(),
            ),
            |s| Datum::text(s.matched),
        ),
    ]
}

fn statements<'r>() -> Vec<Column<Row<'r>>> {
    let words = "清单中的原话：表头和内容。";
    vec![
        text(
            "performed_batch",
            ("履约的期", "清单中首次写明已履约的期；没有写明的为空。"),
            |r: &Row<'r>| Datum::maybe(r.performed.as_ref().map(|s| s.batch.as_str())),
        ),
        text("performed_words", ("履约的依据", words), |r: &Row<'r>| {
            Datum::maybe(r.performed.as_ref().map(|s| s.words.as_str()))
        }),
        text(
            "capacity_batch",
            ("达效的期", "清单中首次写明已达效的期；没有写明的为空。"),
            |r: &Row<'r>| Datum::maybe(r.capacity.as_ref().map(|s| s.batch.as_str())),
        ),
        text("capacity_words", ("达效的依据", words), |r: &Row<'r>| {
            Datum::maybe(r.capacity.as_ref().map(|s| s.words.as_str()))
        }),
    ]
}

fn kin<'r>() -> Vec<Column<Row<'r>>> {
    let relations = "split_into 后来拆分成几个项目、split_from 由一个项目拆分而来、merged_from 由几个项目合并（打捆）而来、\
                     merged_into 后来并入一个项目；按项目单位和名称判断，只作提示，不影响个数和金额。";
    vec![
        Column::new("is_bundled", Kind::Flag, ("打捆项目", "名称写明打捆、打包。"), |r: &Row<'r>, _| {
            Datum::Flag(r.bundled)
        }),
        text("relation", ("拆分合并", relations), |r: &Row<'r>| {
            Datum::maybe(r.kin.as_ref().map(|(kind, _)| kind.as_str()))
        }),
        Column::new(
            "related_ids",
            Kind::List,
            ("相关项目", "拆分、合并所涉及的项目标识；没有时为空。"),
            |r: &Row<'r>, _| {
                r.kin.as_ref().map_or(Datum::Null, |(_, ids)| Datum::List(ids.iter().map(String::as_str).collect()))
            },
        ),
    ]
}
