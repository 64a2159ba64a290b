//! The fields of a project record: one list from which the schemas of the datasets, the spelling table and the
//! data dictionary are made.

use serde::{Deserialize, Serialize};

/// How a field's cells are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// Text as written.
    Text,
    /// Money, to 元.
    Amount,
    /// Date with precision.
    Date,
    /// County-level area or functional zone.
    County,
    /// Unified social credit code or project code.
    Code,
    /// One value of a vocabulary.
    Choice,
    /// 是 / 否.
    Flag,
    /// Personal data: only ever in `contacts`.
    Person,
    /// Position in the list.
    Sequence,
    /// Which list: 签约, 开工, 投产.
    StageName,
    /// Name of the submitting city.
    UnitName,
    /// A period like 2021-2023, split into start and completion.
    Period,
}

macro_rules! fields {
    ($($variant:ident $key:literal $kind:ident $title:literal $doc:literal;)*) => {
        /// A column that sanpi knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $(#[doc = $doc] $variant,)*
        }

        impl Field {
            /// All fields, in dataset order.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// Key in `columns.toml` and column name in the datasets (money without its `_wan` suffix).
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Field::$variant => $key,)* }
            }

            /// Chinese name.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Field::$variant => $title,)* }
            }

            /// What the column holds (Chinese, for the data dictionary).
            #[must_use]
            pub fn description(self) -> &'static str {
                match self { $(Field::$variant => $doc,)* }
            }

            /// How its cells are read.
            #[must_use]
            pub fn kind(self) -> FieldKind {
                match self { $(Field::$variant => FieldKind::$kind,)* }
            }

            /// The field with this key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Field> {
                match key { $($key => Some(Field::$variant),)* _ => None }
            }
        }
    };
}

fields! {
    Sequence "sequence" Sequence "序号" "项目在表中的序号，不写入数据集。";
    StageName "stage" StageName "批次类别" "签约、开工或投产。";
    UnitName "unit_name" UnitName "省辖市" "报送单位名称。";
    County "county_name" County "县（市、区）" "项目所在县（市、区）或功能区。";
    ProjectName "project_name" Text "项目名称" "项目名称，按原文。";
    ProjectCode "project_code" Code "项目代码" "投资项目在线审批监管平台赋码。";
    Owner "owner" Text "项目单位" "建设（实施、投资）单位名称，按原文。";
    OwnerCreditCode "owner_credit_code" Code "统一社会信用代码" "项目单位的统一社会信用代码（GB 32100-2015）。";
    Content "content" Text "建设规模及主要内容" "建设规模及主要建设内容，按原文。";
    Nature "nature" Choice "建设性质" "新建、扩建、改建、技改、续建等。";
    Sector "sector" Choice "行业领域" "所属领域或行业，按本期的领域清单。";
    Chain "chain" Text "产业链" "所属产业链或产业集群。";
    SixNew "six_new" Text "六新" "新基建、新技术、新材料、新装备、新产品、新业态。";
    IsReconstruction "is_reconstruction" Flag "是否灾后重建" "是否灾后恢复重建项目。";
    TotalInvestment "total_investment" Amount "总投资" "项目总投资，万元。";
    AnnualPlannedInvestment "annual_planned_investment" Amount "年度计划投资" "本年度计划投资，万元。";
    CompletedInvestment "completed_investment" Amount "累计完成投资" "开工以来累计完成投资，万元。";
    ContractedCapital "contracted_capital" Amount "合同引资" "合同引资额，万元。";
    SigningDate "signing_date" Date "签约时间" "签约日期。";
    StartDate "start_date" Date "开工时间" "（计划）开工日期。";
    CompletionDate "completion_date" Date "竣工时间" "（计划）竣工、建成日期。";
    ProductionDate "production_date" Date "投产时间" "（计划）投产日期。";
    Period "period" Period "建设起止年限" "建设起止时间，拆为开工时间和竣工时间。";
    Contact "contact" Person "联系人" "联系人或责任人，只进入 contacts。";
    Telephone "telephone" Person "联系电话" "联系电话，只进入 contacts。";
    Remark "remark" Text "备注" "备注，按原文。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_round_trip() {
        for field in Field::ALL {
            assert_eq!(Field::from_key(field.key()), Some(*field));
        }
    }
}
