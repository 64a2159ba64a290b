//! Invented projects: the same office, batch and number give the same project.

use super::book::Value;

/// A list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// 签约
    Sign,
    /// 开工
    Start,
    /// 投产
    Produce,
}

impl Stage {
    /// In order.
    pub(super) const ALL: [Self; 3] = [Self::Sign, Self::Start, Self::Produce];

    /// 签约, 开工, 投产.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Sign => "签约",
            Self::Start => "开工",
            Self::Produce => "投产",
        }
    }
}

/// A submitting unit.
#[derive(Debug)]
pub(super) struct Office {
    /// Name.
    pub(super) name: String,
    code: u64,
    counties: Vec<(String, String)>,
}

impl Office {
    /// The units of the roster, in its order.
    pub(super) fn all() -> Vec<Self> {
        let roster = include_str!("../../pipelines/roster.toml").parse::<toml::Table>().expect("roster.toml");
        let text = |v: &toml::Value, key: &str| v.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let list = |v: &toml::Value, key: &str| v.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let units = roster.get("unit").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        units
            .iter()
            .map(|unit| {
                let code = text(unit, "code").unwrap_or_default();
                let areas = list(unit, "area");
                let counties = areas.iter().filter_map(|a| Some((text(a, "name")?, text(a, "code")?))).collect();
                let name = text(unit, "name").unwrap_or_default();
                Self { name, code: code.parse().unwrap_or(0), counties }
            })
            .collect()
    }

    /// Projects in each of its lists: 20 to 80.
    pub(super) fn rows(&self) -> u32 {
        Dice::new([self.code, 0, 0]).between(20, 80)
    }
}

/// `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn new(seed: [u64; 3]) -> Self {
        let mut dice = Self(0);
        for part in seed {
            dice.0 = (dice.0 ^ part).wrapping_mul(0x2545_F491_4F6C_DD1D);
            dice.next();
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: u32, high: u32) -> u32 {
        low + u32::try_from(self.next() % u64::from(high - low + 1)).unwrap_or(0)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.between(0, u32::try_from(from.len() - 1).unwrap_or(0)) as usize]
    }
}

/// What is wrong with a row: a few per cent of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing.
    None,
    /// 总投资 is missing.
    NoTotal,
    /// 总投资 with its unit, as text.
    TotalInWords,
    /// 总投资 as text.
    TotalAsText,
    /// A date in words that nobody can read.
    Date,
    /// A credit code with a wrong check character.
    Credit,
}

impl Fault {
    /// The cell of 总投资.
    pub(super) fn total(self, wan: u32) -> Value {
        match self {
            Self::NoTotal => Value::Empty,
            Self::TotalInWords => Value::Text(format!("约{}.{}亿元", wan / 10_000, wan / 1000 % 10)),
            Self::TotalAsText => Value::Text(wan.to_string()),
            _ => Value::Number(f64::from(wan)),
        }
    }
}

/// A project.
#[derive(Debug)]
pub(super) struct Project {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) owner: String,
    pub(super) credit: String,
    pub(super) county: String,
    pub(super) nature: &'static str,
    pub(super) sector: &'static str,
    pub(super) chain: &'static str,
    pub(super) content: String,
    pub(super) total: u32,
    pub(super) annual: u32,
    pub(super) completed: u32,
    pub(super) acres: u32,
    pub(super) progress: &'static str,
    pub(super) origin: &'static str,
    pub(super) department: String,
    pub(super) remark: &'static str,
    pub(super) fault: Fault,
    signed: u32,
}

const SYLLABLES: [&str; 24] = [
    "恒", "瑞", "泰", "鑫", "宏", "博", "源", "盛", "华", "中", "豫", "金", "嘉", "凯", "隆", "德", "信", "达", "佳",
    "兴", "通", "立", "安", "康",
];
const GOODS: [(&str, &str, &str); 12] = [
    ("高强度汽车零部件", "万套", "新能源汽车"),
    ("新型显示模组", "万片", "新型显示和智能终端"),
    ("锂电池隔膜", "万平方米", "新型电池"),
    ("生物可降解材料", "万吨", "先进高分子材料"),
    ("预制菜", "万吨", "休闲食品"),
    ("智能传感器", "万只", "传感器和半导体"),
    ("超硬刀具", "万件", "超硬材料"),
    ("工业机器人", "台", "工业母机和机器人"),
    ("医用防护用品", "万箱", "生物医药"),
    ("光伏支架", "万吨", "光伏"),
    ("铝合金型材", "万吨", "先进铝基材料"),
    ("现代家居板材", "万立方米", "现代家居"),
];
/// Sectors and their entry thresholds in 万元.
const SECTORS: [(&str, u32); 5] = [
    ("先进制造业", 30_000),
    ("先进制造业", 30_000),
    ("战略性新兴产业", 10_000),
    ("重大基础设施", 100_000),
    ("现代服务业", 50_000),
];
/// The year before the first one of which a date is written.
const FIRST_YEAR: u32 = 2015;

impl Project {
    /// Project `i` of a list. What is signed in one batch is started in the next and produces two batches later.
    pub(super) fn new(office: &Office, batch: u32, stage: Stage, i: u32) -> Self {
        let signed = (batch + 3) - stage as u32;
        let mut dice = Dice::new([office.code, u64::from(signed), u64::from(i)]);
        let d = &mut dice;
        let (goods, measure, chain) = d.pick(&GOODS);
        // Unlike names of many projects need more than two characters of a brand.
        let brand = format!("{}{}{}", d.pick(&SYLLABLES), d.pick(&SYLLABLES), d.pick(&SYLLABLES));
        let amount = d.between(2, 90);
        let whole = (office.name.clone(), office.code.to_string());
        let index = d.between(0, u32::try_from(office.counties.len().max(1) - 1).unwrap_or(0)) as usize;
        let (county, region) = office.counties.get(index).cloned().unwrap_or(whole);
        let (sector, least) = d.pick(&SECTORS);
        let total = least + d.between(20, 900) * 100 + d.between(0, 9) * 10;
        let month = d.between(1, 12);
        let serial = d.between(100_000, 999_999);
        // Faults are the list's, not the project's.
        let fault = match Dice::new([office.code, u64::from(batch) << 2 | stage as u64, u64::from(i)]).between(0, 199) {
            0 => Fault::NoTotal,
            1 | 2 => Fault::TotalInWords,
            3 => Fault::TotalAsText,
            4 | 5 => Fault::Date,
            6 => Fault::Credit,
            _ => Fault::None,
        };
        let credit = credit(&region, d.next(), fault == Fault::Credit);
        Self {
            name: format!("{county}{brand}年产{amount}{measure}{goods}项目"),
            code: format!("2{}{month:02}-{region}-04-01-{serial}", signed % 10),
            owner: format!("{}{brand}{}有限公司", office.name, d.pick(&["科技", "实业", "新材料", "制造"])),
            credit,
            nature: d.pick(&["新建", "新建", "新建", "扩建", "技改"]),
            sector,
            chain,
            content: format!(
                "占地{}亩，建设生产车间、仓库、研发楼等{}万平方米，购置{goods}生产线{}条，达产后年产{goods}{amount}{measure}。",
                d.between(30, 420),
                d.between(2, 24),
                d.between(1, 9)
            ),
            total,
            annual: total / 3,
            completed: total / 5,
            acres: d.between(20, 480),
            progress: d.pick(&["正在进行场地平整", "主体施工", "设备安装", "基础施工"]),
            origin: d.pick(&["河南省", "广东省深圳市", "浙江省", "江苏省", "北京市"]),
            department: format!("{county}{}", d.pick(&["发展和改革委员会", "商务局", "工业和信息化局"])),
            remark: d.pick(&["", "", "", "", "", "省重点项目"]),
            fault,
            signed: signed * 4 + month,
            county,
        }
    }

    /// A date `months` after signing.
    pub(super) fn date(&self, months: u32) -> Value {
        if self.fault == Fault::Date {
            return Value::Text("待土地手续办结后".to_owned());
        }
        let month = self.signed + months;
        let days = days_before(FIRST_YEAR + month / 12, month % 12 + 1);
        Value::Date(f64::from(days + self.total / 10 % 28))
    }

    /// A month `months` after signing, in words.
    pub(super) fn month(&self, months: u32) -> Value {
        let month = self.signed + months;
        Value::Text(format!("{}年{}月", FIRST_YEAR + month / 12, month % 12 + 1))
    }
}

/// The serial number of the first day of a month.
fn days_before(year: u32, month: u32) -> u32 {
    const BEFORE: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = year.is_multiple_of(4) && month > 2;
    let years = year - 1900;
    2 + years * 365 + (years - 1) / 4 + BEFORE[month as usize - 1] + u32::from(leap)
}

/// A unified social credit code of a county.
fn credit(region: &str, random: u64, wrong: bool) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let letter = |n: u64| ALPHABET[usize::try_from(n % 31).unwrap_or(0)];
    let mut code = format!("91{region}MA").into_bytes();
    code.extend((0..7).map(|i| letter(random >> (i * 5) & 31)));
    let (mut sum, mut weight) = (0, 1);
    for c in &code {
        sum += ALPHABET.iter().position(|a| a == c).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    let check = (31 - sum % 31) % 31;
    code.push(letter(check as u64 + u64::from(wrong)));
    String::from_utf8(code).unwrap_or_default()
}
