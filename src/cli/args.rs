//! The command line: names and help, nothing else.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use sanpi::model::{BatchId, Severity};

/// 河南省“三个一批”项目数据批处理：读取各市报送的工作簿，校验、对账、发布 Parquet 数据集和问题清单。
#[derive(Debug, Parser)]
#[command(name = "sanpi", version, max_term_width = 110)]
#[command(after_help = "退出码：0 已发布且没有达到 --fail-on 级别的问题；1 已发布但有；2 未发布，原因见标准错误。")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 读取收件夹，校验、对账并发布新版本
    #[command(
        after_help = "示例：\n  sanpi run                         处理收件夹里的所有期\n  sanpi run --batch 02              只重跑第二期，其他期原样保留\n  sanpi run --inbox 收件 --out 发布 --fail-on never\n  sanpi run --quiet                 不显示进度和摘要，看退出码"
    )]
    Run(RunArgs),
    /// 报送前自查：对一个单位的文件做同样的检查，不写任何文件
    #[command(after_help = "示例：\n  sanpi check 洛阳市三个一批台账.xlsx --batch 02 --unit 洛阳市")]
    Check(CheckArgs),
    /// 一期的填报模板：三张清单，带表头说明、下拉选项和合计公式
    #[command(
        after_help = "示例：\n  sanpi template --batch 02 --unit 洛阳市\n  sanpi template --batch 第三期 --out 第三期模板.xlsx"
    )]
    Template(TemplateArgs),
    /// 谁已报送、谁未报送、已发布到哪一版
    #[command(after_help = "示例：\n  sanpi status\n  sanpi status --batch 02")]
    Status(StatusArgs),
    /// 用 SQL 查询已发布的数据集
    #[command(
        after_help = "示例：\n  sanpi query \"SELECT stage, COUNT(*) AS n, SUM(total_investment_wan)/10000 AS yi FROM projects WHERE batch='02' GROUP BY stage\"\n  sanpi query \"SELECT 报送单位, COUNT(*) AS 项数, SUM(总投资) AS 万元 FROM 项目 WHERE 期='02' GROUP BY 报送单位\"\n  sanpi query \"SELECT * FROM findings WHERE severity='error'\" --format csv\n  sanpi query --tables              可以查询哪些数据集"
    )]
    Query(QueryArgs),
    /// 从一个单元格到发布的一行：每一步怎样读的，或为什么没有发布
    #[command(
        after_help = "示例：\n  sanpi trace 02/洛阳市/洛阳市三个一批台账.xlsx 签约项目 H12\n  sanpi trace 新乡市_签约.csv - E5      文本表格没有工作表名，写 -"
    )]
    Trace(TraceArgs),
    /// 解释一条规则：查什么、为什么、怎么改、依据、例
    #[command(after_help = "示例：\n  sanpi explain V504\n  sanpi explain --all\n  sanpi explain --all --format json")]
    Explain(ExplainArgs),
    /// 已发布的版本
    #[command(after_help = "示例：\n  sanpi history")]
    History(TreeArgs),
    /// 两个版本之间：增加、减少、改动了哪些项目，各单位的合计
    #[command(
        after_help = "示例：\n  sanpi diff 6 7             第 6 版到第 7 版的变化\n  sanpi diff 6               第 6 版到当前版本的变化\n  sanpi diff 6 7 --format csv > 变化.csv"
    )]
    Diff(DiffArgs),
    /// 把当前版本切换回一个已发布的版本
    #[command(
        after_help = "示例：\n  sanpi history          先看有哪些版本\n  sanpi restore 6        切换到第 6 版；以后的版本仍然保留"
    )]
    Restore(RestoreArgs),
    /// 每晚定时运行：给出 systemd 和 crontab 的配置，不安装
    #[command(
        after_help = "示例：\n  sanpi install-timer --print                  按这台机器上的路径给出配置和安装命令\n  sanpi install-timer --print --at 02:15 --user sanpi"
    )]
    InstallTimer(TimerArgs),
    /// 数据字典：每个数据集的列、类型和含义
    #[command(after_help = "示例：\n  sanpi schema\n  sanpi schema --format json")]
    Schema(SchemaArgs),
    /// One file as a pure function: bytes on stdin, Arrow IPC on stdout.
    #[command(hide = true)]
    Extract(ExtractArgs),
    /// The sandboxed reader that `run` starts.
    #[command(hide = true)]
    ReadChild,
}

/// Where things are; a flag wins over an environment variable, which wins over `sanpi.toml`.
#[derive(Debug, Args)]
pub(crate) struct TreeArgs {
    /// 收件夹（默认见 sanpi.toml）
    #[arg(long, env = "SANPI_INBOX", value_name = "DIR")]
    pub(crate) inbox: Option<PathBuf>,
    /// 发布目录（默认见 sanpi.toml）
    #[arg(long, env = "SANPI_OUT", value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// 配置目录
    #[arg(long, env = "SANPI_PIPELINES", value_name = "DIR", default_value = "pipelines")]
    pub(crate) pipelines: PathBuf,
}

/// `sanpi run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// 只处理这些期：02、2 或 第二期，可重复；不写则处理收件夹里的所有期
    #[arg(long, value_name = "ID", value_parser = batch_id)]
    pub(crate) batch: Vec<BatchId>,
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
    /// 即使内容没有变化也重新读取全部文件
    #[arg(long)]
    pub(crate) force: bool,
    /// 并行线程数（默认等于处理器核数）
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// 问题达到哪个级别时以 1 退出
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,
    /// 有另一个 sanpi 正在写时等它结束，最多这么多秒（不写秒数则一直等）
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = FOREVER)]
    pub(crate) wait: Option<u64>,
    /// 把运行的各项数字写到这个文件，供 Prometheus 的 textfile 收集器读取（默认见 sanpi.toml）
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics: Option<PathBuf>,
    /// Id of the run whose work this process does.
    #[arg(long, hide = true, value_name = "RUN")]
    pub(crate) worker: Option<String>,
    /// 不显示进度和结果摘要，只在出错时说话
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Seconds that nobody waits in vain.
const FOREVER: &str = "31536000";

/// `sanpi check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// 要检查的文件
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// 期：02、2 或 第二期（不写则从文件名判断，判断不了按不分期检查）
    #[arg(long, value_name = "ID", value_parser = batch_id)]
    pub(crate) batch: Option<BatchId>,
    /// 填报单位，例如 洛阳市
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Option<String>,
    /// 配置目录
    #[arg(long, env = "SANPI_PIPELINES", value_name = "DIR", default_value = "pipelines")]
    pub(crate) pipelines: PathBuf,
}

/// `sanpi template`.
#[derive(Debug, Args)]
pub(crate) struct TemplateArgs {
    /// 期：02、2 或 第二期
    #[arg(long, value_name = "ID", value_parser = batch_id)]
    pub(crate) batch: BatchId,
    /// 填报单位，例如 洛阳市：写进标题，县区列带下拉选项
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Option<String>,
    /// 写到哪个文件（默认在当前目录，以单位和期命名）
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// 配置目录
    #[arg(long, env = "SANPI_PIPELINES", value_name = "DIR", default_value = "pipelines")]
    pub(crate) pipelines: PathBuf,
}

/// `sanpi status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// 只看这一期
    #[arg(long, value_name = "ID", value_parser = batch_id)]
    pub(crate) batch: Option<BatchId>,
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
}

/// `sanpi query`.
#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    /// SQL 查询语句；不写则列出可以查询的数据集
    pub(crate) sql: Option<String>,
    /// 列出可以查询的数据集：英文名、中文名、行数
    #[arg(long, conflicts_with = "sql")]
    pub(crate) tables: bool,
    /// 输出格式
    #[arg(long, value_enum, default_value_t = RowFormat::Table)]
    pub(crate) format: RowFormat,
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
}

/// `sanpi trace`.
#[derive(Debug, Args)]
pub(crate) struct TraceArgs {
    /// 文件：收件夹以下的路径，或其末尾部分
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// 工作表名称；文本表格写 -
    #[arg(value_name = "SHEET")]
    pub(crate) sheet: String,
    /// 单元格，例如 H12
    #[arg(value_name = "CELL")]
    pub(crate) cell: String,
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
}

/// `sanpi explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// 规则代码或名称，例如 V504 或 amount-scale
    #[arg(required_unless_present = "all")]
    pub(crate) code: Option<String>,
    /// 全部规则
    #[arg(long)]
    pub(crate) all: bool,
    /// 输出格式；json 供其他程序使用，与 pipelines/rules.json 相同
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(crate) format: ExplainFormat,
}

/// Output of `sanpi explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// 文字
    Text,
    /// JSON
    Json,
}

/// `sanpi restore`.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// 版本号，见 sanpi history
    #[arg(value_name = "N")]
    pub(crate) version: u64,
    /// 有另一个 sanpi 正在写时等它结束，最多这么多秒（不写秒数则一直等）
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = FOREVER)]
    pub(crate) wait: Option<u64>,
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
}

/// `sanpi diff`.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// 旧版本的版本号，见 sanpi history
    #[arg(value_name = "A")]
    pub(crate) old: u64,
    /// 新版本的版本号（不写则为当前版本）
    #[arg(value_name = "B")]
    pub(crate) new: Option<u64>,
    /// 输出格式
    #[arg(long, value_enum, default_value_t = RowFormat::Table)]
    pub(crate) format: RowFormat,
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
}

/// `sanpi install-timer`.
#[derive(Debug, Args)]
pub(crate) struct TimerArgs {
    /// 只打印配置（本命令从不安装任何东西）
    #[arg(long, required = true)]
    pub(crate) print: bool,
    /// 每晚几点运行
    #[arg(long, value_name = "HH:MM", default_value = "01:30", value_parser = clock_time)]
    pub(crate) at: (u8, u8),
    /// 以哪个用户运行
    #[arg(long, value_name = "NAME", default_value = "sanpi")]
    pub(crate) user: String,
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
}

/// `sanpi schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// 输出格式
    #[arg(long, value_enum, default_value_t = SchemaFormat::Md)]
    pub(crate) format: SchemaFormat,
}

/// `sanpi extract`.
#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// Path of the file below the inbox, from which batch and unit are told.
    #[arg(long)]
    pub(crate) path: OsString,
    /// Configuration.
    #[arg(long, env = "SANPI_PIPELINES", value_name = "DIR", default_value = "pipelines")]
    pub(crate) pipelines: PathBuf,
}

/// Level of `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// 错误
    Error,
    /// 警告或错误
    Warning,
    /// 从不
    Never,
}

impl FailOn {
    /// Lowest severity that makes the exit code 1.
    pub(crate) fn threshold(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Never => None,
        }
    }
}

/// Output of `query`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    /// 表格
    Table,
    /// 逗号分隔
    Csv,
    /// JSON 数组
    Json,
}

/// Output of `schema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaFormat {
    /// Markdown
    Md,
    /// JSON
    Json,
}

fn batch_id(text: &str) -> Result<BatchId, String> {
    BatchId::parse(text).ok_or_else(|| format!("“{text}”不是期号，应写作 02、2 或 第二期"))
}

/// `1:30` as hour and minute.
fn clock_time(text: &str) -> Result<(u8, u8), String> {
    let parts = text.split_once(':').and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)));
    parts.filter(|(h, m)| *h < 24 && *m < 60).ok_or_else(|| format!("“{text}”不是时刻，应写作 01:30"))
}
