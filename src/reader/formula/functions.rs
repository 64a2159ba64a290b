//! Worksheet functions by their number in binary formulas ([MS-XLS] 2.5.198.17 Ftab, [MS-XLSB] 2.5.97.10).

use std::sync::OnceLock;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Function {
    /// Name.
    pub(super) name: &'static str,
    /// Number of arguments, for a function that always has the same.
    pub(super) arguments: Option<usize>,
}

/// The function of a number.
pub(super) fn function(number: u16) -> Option<Function> {
    static TABLE: OnceLock<Vec<Option<Function>>> = OnceLock::new();
    *TABLE.get_or_init(table).get(usize::from(number))?
}

/// Whether a function yields nothing but numbers, so that an empty text is not its result.
pub(super) fn is_numeric(name: &str) -> bool {
    const NUMERIC: [&str; 21] = [
        "SUM",
        "SUBTOTAL",
        "SUMIF",
        "SUMIFS",
        "SUMPRODUCT",
        "PRODUCT",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "COUNTIFS",
        "COUNTBLANK",
        "AVERAGE",
        "MAX",
        "MIN",
        "ROUND",
        "ROUNDUP",
        "ROUNDDOWN",
        "INT",
        "ABS",
        "ROW",
        "VALUE",
    ];
    NUMERIC.contains(&name)
}

fn table() -> Vec<Option<Function>> {
    let mut table = vec![None; 485];
    for line in FUNCTIONS.lines() {
        let mut words = line.split_whitespace();
        let first: usize = words.next().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
        for (place, word) in table.iter_mut().skip(first).zip(words) {
            let (name, arguments) = word.split_once('/').map_or((word, None), |(n, a)| (n, a.parse().ok()));
            *place = Some(Function { name, arguments });
        }
    }
    table
}

/// Each line: the number of its first function, then the functions in order; `/n` where the number of arguments is fixed.
const FUNCTIONS: &str = "\
0 COUNT IF ISNA/1 ISERROR/1 SUM AVERAGE MIN MAX ROW COLUMN NA/0 NPV STDEV DOLLAR FIXED SIN/1 COS/1 TAN/1\n\
18 ATAN/1 PI/0 SQRT/1 EXP/1 LN/1 LOG10/1 ABS/1 INT/1 SIGN/1 ROUND/2 LOOKUP INDEX REPT/2 MID/3 LEN/1 VALUE/1\n\
34 TRUE/0 FALSE/0 AND OR NOT/1 MOD/2 DCOUNT/3 DSUM/3 DAVERAGE/3 DMIN/3 DMAX/3 DSTDEV/3 VAR DVAR/3 TEXT/2\n\
49 LINEST TREND LOGEST GROWTH\n\
56 PV FV NPER PMT RATE MIRR/3 IRR RAND/0 MATCH DATE/3 TIME/3 DAY/1 MONTH/1 YEAR/1 WEEKDAY HOUR/1 MINUTE/1\n\
73 SECOND/1 NOW/0 AREAS/1 ROWS/1 COLUMNS/1 OFFSET\n\
82 SEARCH TRANSPOSE/1\n\
86 TYPE/1\n\
97 ATAN2/2 ASIN/1 ACOS/1 CHOOSE HLOOKUP VLOOKUP\n\
105 ISREF/1\n\
109 LOG\n\
111 CHAR/1 LOWER/1 UPPER/1 PROPER/1 LEFT RIGHT EXACT/2 TRIM/1 REPLACE/4 SUBSTITUTE CODE/1\n\
124 FIND CELL ISERR/1 ISTEXT/1 ISNUMBER/1 ISBLANK/1 T/1 N/1\n\
140 DATEVALUE/1 TIMEVALUE/1 SLN/3 SYD/4 DDB\n\
148 INDIRECT\n\
162 CLEAN/1 MDETERM/1 MINVERSE/1 MMULT/2\n\
167 IPMT PPMT COUNTA\n\
183 PRODUCT FACT/1\n\
189 DPRODUCT/3 ISNONTEXT/1\n\
193 STDEVP VARP DSTDEVP/3 DVARP/3 TRUNC ISLOGICAL/1 DCOUNTA/3\n\
204 USDOLLAR FINDB SEARCHB REPLACEB/4 LEFTB RIGHTB MIDB/3 LENB/1 ROUNDUP/2 ROUNDDOWN/2 ASC/1 DBCS/1 RANK\n\
219 ADDRESS DAYS360 TODAY/0 VDB\n\
227 MEDIAN SUMPRODUCT SINH/1 COSH/1 TANH/1 ASINH/1 ACOSH/1 ATANH/1 DGET/3\n\
244 INFO/1\n\
247 DB\n\
252 FREQUENCY/2\n\
261 ERROR.TYPE/1\n\
269 AVEDEV BETADIST GAMMALN/1 BETAINV BINOMDIST/4 CHIDIST/2 CHIINV/2 COMBIN/2 CONFIDENCE/3 CRITBINOM/3\n\
279 EVEN/1 EXPONDIST/3 FDIST/3 FINV/3 FISHER/1 FISHERINV/1 FLOOR/2 GAMMADIST/4 GAMMAINV/3 CEILING/2\n\
289 HYPGEOMDIST/4 LOGNORMDIST/3 LOGINV/3 NEGBINOMDIST/3 NORMDIST/4 NORMSDIST/1 NORMINV/3 NORMSINV/1\n\
297 STANDARDIZE/3 ODD/1 PERMUT/2 POISSON/3 TDIST/3 WEIBULL/4 SUMXMY2/2 SUMX2MY2/2 SUMX2PY2/2 CHITEST/2\n\
307 CORREL/2 COVAR/2 FORECAST/3 FTEST/2 INTERCEPT/2 PEARSON/2 RSQ/2 STEYX/2 SLOPE/2 TTEST/4 PROB DEVSQ\n\
319 GEOMEAN HARMEAN SUMSQ KURT SKEW ZTEST LARGE/2 SMALL/2 QUARTILE/2 PERCENTILE/2 PERCENTRANK MODE\n\
331 TRIMMEAN/2 TINV/2\n\
336 CONCATENATE POWER/2\n\
342 RADIANS/1 DEGREES/1 SUBTOTAL SUMIF COUNTIF/2 COUNTBLANK/1\n\
350 ISPMT/4 DATEDIF/3 DATESTRING/1 NUMBERSTRING/2 ROMAN\n\
358 GETPIVOTDATA/2 HYPERLINK PHONETIC/1 AVERAGEA MAXA MINA STDEVPA VARPA STDEVA VARA BAHTTEXT/1\n\
369 THAIDAYOFWEEK/1 THAIDIGIT/1 THAIMONTHOFYEAR/1 THAINUMSOUND/1 THAINUMSTRING/1 THAISTRINGLENGTH/1\n\
375 ISTHAIDIGIT/1 ROUNDBAHTDOWN/1 ROUNDBAHTUP/1 THAIYEAR/1 RTD CUBEVALUE CUBEMEMBER CUBEMEMBERPROPERTY\n\
477 CUBEKPIMEMBER CUBESET CUBESETCOUNT IFERROR/2 COUNTIFS SUMIFS AVERAGEIF AVERAGEIFS\n\
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_by_number() {
        let name = |n| function(n).map(|f| f.name);
        assert_eq!([4, 344, 480, 484].map(name), [Some("SUM"), Some("SUBTOTAL"), Some("IFERROR"), Some("AVERAGEIFS")]);
        assert_eq!(function(27).and_then(|f| f.arguments), Some(2), "ROUND");
        assert_eq!([name(87), name(485), name(u16::MAX)], [None; 3]);
    }
}
