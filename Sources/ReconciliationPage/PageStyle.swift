/// How the page looks: on a screen by day and by night, narrow and wide, and on paper.
enum PageStyle {
    static let sheet: StaticString = """
        :root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --faint: #5b6470; --rule: #d5dae1;
          --panel: #f5f7f9; --good: #17693a; --bad: #b3261e;
          --age0: #f2d6a2; --age1: #e2a03f; --age2: #c0601a; --age3: #7a2a10; }
        @media screen and (prefers-color-scheme: dark) {
          :root { --paper: #14171b; --ink: #e6e9ed; --faint: #9aa4b0; --rule: #343b44; --panel: #1d2127;
            --good: #6fd596; --bad: #ff8f85; --age0: #5f4c26; --age1: #a9752a; --age2: #e48b3e; --age3: #ffd0a6; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 80rem; background: var(--paper);
          color: var(--ink);
          font: 15px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        p { margin: .25rem 0; } .faint { color: var(--faint); }
        .verdict { margin: 1rem 0; padding: .75rem 1rem; border-left: .3rem solid; background: var(--panel);
          font-weight: 600; }
        .good { color: var(--good); } .bad { color: var(--bad); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--faint); padding: 0 0 .4rem; }
        th, td { padding: .35rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
        thead th { border-bottom: 2px solid var(--rule); font-weight: 600; }
        tbody th { font-weight: 500; } tfoot td, tfoot th { border-top: 2px solid var(--rule); font-weight: 600; }
        .number { text-align: right; white-space: nowrap; } thead .number { white-space: normal; }
        .mark { white-space: nowrap; } small { display: block; color: var(--faint); }
        .text { overflow-wrap: anywhere; min-width: 12rem; }
        .beside { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr) minmax(0, 2fr);
          align-items: start; }
        @media (max-width: 62rem) { .beside { grid-template-columns: minmax(0, 1fr); } }
        @media (max-width: 40rem) { th, td { padding: .3rem .35rem; } }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; margin: .5rem 0 0; padding: 0; }
        .legend svg { width: .8rem; height: .8rem; margin-right: .4rem; }
        svg { width: 100%; height: auto; max-width: 34rem; print-color-adjust: exact;
          -webkit-print-color-adjust: exact; }
        svg text { font-size: 14px; fill: var(--ink); } svg .end { text-anchor: end;
          font-variant-numeric: tabular-nums; }
        .track { fill: var(--panel); } rect { stroke: var(--paper); stroke-width: 1; }
        .age0 { fill: var(--age0); } .age1 { fill: var(--age1); } .age2 { fill: var(--age2); }
        .age3 { fill: var(--age3); }
        @media print { body { max-width: none; padding: 0; font-size: 9.5pt; } .scroll { overflow: visible; }
          h2, caption { break-after: avoid; } tr, .verdict, figure { break-inside: avoid; }
          thead { display: table-header-group; }
          th, td { padding: .2rem .4rem; } .text { min-width: 0; }
          .beside { grid-template-columns: minmax(0, 1fr) minmax(0, 2fr); } }
        @page { margin: 15mm; }
        figure { margin: 0; }
        """
}
