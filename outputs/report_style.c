#include "outputs/report_style_private.h"

#include <stddef.h>

const char *const tanlu_report_style[] = {
    ":root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--ground:#fff;--panel:#f6f8fa;--accent:#0b5394;--met:#0b6e4f;"
    "--missed:#a63603;color-scheme:light dark}\n",
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b3;--line:#3d444d;--ground:#12161c;"
    "--panel:#1c2128;--accent:#79b8ff;--met:#56d4a0;--missed:#ffa26b;--tanlu-ground:#12161c;"
    "--tanlu-coal:#8d8d8d;--tanlu-oil:#b06a1f;--tanlu-hydro:#3d8fe0;--tanlu-biomass:#2faf6d;--tanlu-nuclear:#d4579b;"
    "--tanlu-other:#5c6570;--tanlu-back:#5c6570;--tanlu-series-0:#4aa3df;--tanlu-series-5:#8f83e8;"
    "--tanlu-series-7:#c65a94}}\n",
    "*{box-sizing:border-box}\n",
    "html{-webkit-text-size-adjust:100%;text-size-adjust:100%}\n",
    "body{margin:0;color:var(--ink);background:var(--ground);line-height:1.5;font-family:system-ui,-apple-system,"
    "\"Segoe UI\",\"Noto Sans\",\"Noto Sans CJK SC\",Helvetica,Arial,sans-serif;overflow-wrap:anywhere}\n",
    ".page{max-width:60rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}\n",
    "h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem}\n",
    "h2{font-size:1.4rem;margin:3rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}\n",
    "section:first-child h2{border-top:0;margin-top:1rem}\n",
    "h3{font-size:1.1rem;margin:2rem 0 .5rem}\n",
    "p{max-width:46rem;margin:.6rem 0}\n",
    ".subtitle{color:var(--soft);font-size:1.05rem;margin:0 0 1rem}\n",
    ".remark{color:var(--soft);font-size:.875rem}\n",
    "nav{border-top:1px solid var(--line);border-bottom:1px solid var(--line);padding:.5rem 0;font-size:.9rem}\n",
    "nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:0;padding:0}\n",
    "a{color:var(--accent)}nav a{text-decoration:none}nav a:hover,nav a:focus{text-decoration:underline}\n",
    ".skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--ground);padding:.5rem}\n",
    ".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.75rem;margin:1rem 0}\n",
    ".card{background:var(--panel);border:1px solid var(--line);border-radius:.4rem;padding:.7rem .8rem}\n",
    ".card div{line-height:1.3}.label,.note{color:var(--soft);font-size:.8rem}\n",
    ".value{font-size:1.55rem;font-weight:600;font-variant-numeric:tabular-nums}\n",
    ".unit{font-size:.85rem;font-weight:400;color:var(--soft)}\n",
    "figure{margin:1.4rem 0}figure svg{display:block;width:100%;max-width:54rem;height:auto}\n",
    ".drawing{overflow-x:auto}\n",
    "figcaption{color:var(--soft);font-size:.9rem;max-width:46rem;margin-top:.4rem}figcaption b{color:var(--ink)}\n",
    ".scroll{overflow-x:auto;margin:1rem 0}\n",
    "table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}\n",
    ".caption{color:var(--soft);font-size:.9rem;margin:1.4rem 0 .3rem}.caption "
    "b{color:var(--ink)}.caption+.scroll{margin-top:0}\n",
    "tbody th{min-width:8.5rem}th,td{padding:.28rem .8rem .28rem "
    "0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);"
    "overflow-wrap:normal}\n",
    "thead th{border-bottom:2px solid var(--soft);vertical-align:bottom}tbody th{font-weight:400}\n",
    ".n{text-align:right}td.n{white-space:nowrap}.met,.missed{white-space:nowrap}.met{color:var(--met)}"
    ".missed{color:var(--missed)}\n",
    "details{margin:1rem 0}summary{cursor:pointer;color:var(--accent);font-size:.9rem}\n",
    "pre{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:.4rem;padding:.8rem;"
    "font-size:.8rem;line-height:1.4;max-height:32rem}\n",
    "dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.3rem 1.2rem;font-size:.9rem}\n",
    "dt{color:var(--soft)}dd{margin:0;min-width:0}\n",
    "@media (max-width:40rem){.page{padding:1rem .9rem 3rem}h1{font-size:1.5rem}h2{font-size:1.2rem}"
    "dl{grid-template-columns:1fr;gap:.1rem}dd{margin:0 0 .5rem}.drawing svg{min-width:36rem}"
    "table{width:max-content;max-width:52rem}.cards{grid-template-columns:1fr 1fr}.value{font-size:1.3rem}}\n",
    "@media print{:root{--ink:#000;--soft:#444;--line:#bbb;--ground:#fff;--panel:#fff;--accent:#000;--met:#000;"
    "--missed:#000;color-scheme:light}body{font-size:10pt}.page{max-width:none;padding:0}nav,.skip{display:none}"
    "figure "
    "svg{max-width:15.5cm;max-height:21cm}figure,.card,tr{break-inside:avoid}h2,h3{break-after:avoid}h2{margin-top:1."
    "5rem}.scroll,.drawing{overflow:visible}"
    "table{font-size:8pt}details:not([open]){display:none}a{color:inherit;text-decoration:none}}\n",
    NULL};
