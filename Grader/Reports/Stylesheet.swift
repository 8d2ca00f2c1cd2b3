/// How the pages look. It is the only style that they allow, which the policy in each page's head
/// says by its hash: change both together (a test tells the new one).
enum Stylesheet {
  /// SHA-256 of `text` in Base64.
  static let hash = "jhaLGbGUKAiLRtXnYtJaoh1k0T/cMz0yeC9Roo1DA8w="

  static let text = """
    :root { --text: #1b1f24; --back: #ffffff; --soft: #f4f6f8; --line: #d5dae1; --good: #14713d;
      --bad: #b3261e; --warn: #8a5a00; --idle: #59636e; --accent: #2b5fb4; }
    @media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --back: #14171b;
      --soft: #1e2329; --line: #363d47; --good: #6fd39b; --bad: #ff8a80; --warn: #f0c060;
      --idle: #9aa4b0; --accent: #86b0f5; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--back); color: var(--text);
      font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; }
    h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-bottom: .2rem;
      border-bottom: 2px solid var(--line); }
    h3 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
    h4 { font-size: 1rem; margin: 1rem 0 .2rem; }
    p { margin: .2rem 0 .6rem; } a { color: var(--accent); }
    [hidden] { display: none !important; }
    .contents { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; list-style: none; padding: 0; }
    .tools { margin: .2rem 0 .6rem; } .tools label { font-weight: 600; margin-right: .4rem; }
    input { font: inherit; color: inherit; background: var(--back); padding: .2rem .5rem;
      border: 1px solid var(--idle); border-radius: .3rem; width: 18rem; max-width: 100%; }
    th button { font: inherit; color: inherit; background: none; border: 0; padding: 0;
      text-align: left; cursor: pointer; text-decoration: underline dotted; }
    [aria-sort="ascending"] button::after { content: " ▲"; }
    [aria-sort="descending"] button::after { content: " ▼"; }
    ul { margin: .2rem 0 .6rem; padding-left: 1.4rem; }
    .quiet, h3 code { color: var(--idle); font-weight: normal; font-size: .9rem; }
    .score { font-size: 2rem; font-weight: 700; margin-right: .8rem; white-space: nowrap; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0;
      border-bottom: 1px solid var(--line); }
    th { font-weight: 600; color: var(--idle); font-size: .85rem; }
    th, .number, .badge { overflow-wrap: normal; }
    .number { font-variant-numeric: tabular-nums; white-space: nowrap; }
    th.number, td.number { white-space: normal; }
    .name { min-width: 11rem; } .said { min-width: 15rem; }
    .check-id { white-space: nowrap; } .state { overflow-wrap: normal; }
    .bar { width: 7rem; height: .6rem; vertical-align: middle; }
    .track { fill: var(--line); } .fill { fill: var(--accent); }
    .badge { white-space: nowrap; font-weight: 600; font-size: .9rem; }
    .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
    .idle { color: var(--idle); }
    .check { border-top: 1px solid var(--line); padding: .6rem 0 .5rem; break-inside: avoid; }
    .check > .head { display: flex; flex-wrap: wrap; gap: .1rem .9rem; align-items: baseline; }
    .check > .head > .number { margin-left: auto; color: var(--idle); }
    .check .badge { min-width: 6.5rem; }
    .check p { margin: .2rem 0; }
    .check:target, .found:target { outline: 2px solid var(--accent); outline-offset: .2rem; }
    .place { font-size: .9rem; }
    .code { font: .85rem/1.5 ui-monospace, monospace; background: var(--soft); margin: .3rem 0 1rem;
      padding: .5rem .5rem .5rem 3.4rem; border-radius: .3rem; tab-size: 2; }
    .code li { white-space: pre-wrap; padding-left: .4rem; } .code code { font: inherit; }
    .code li::marker { color: var(--idle); font-variant-numeric: tabular-nums; }
    .finding p { margin: .2rem 0; }
    .finding { white-space: normal; font: .95rem/1.4 system-ui, sans-serif; background: var(--back);
      border: 1px solid var(--line); border-left: 3px solid var(--warn); margin: .3rem 0 .5rem;
      padding: .4rem .7rem; }
    .found > code { font-weight: 700; }
    .cause { border-left: 3px solid var(--warn); padding-left: .7rem; }
    figure { margin: .5rem 0; max-width: 34rem; break-inside: avoid; }
    figcaption { color: var(--idle); font-size: .9rem; }
    svg.chart { display: block; width: 100%; height: auto; }
    svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
    svg .grid { stroke: var(--line); stroke-width: 1; fill: none; }
    svg .goal { stroke: var(--good); stroke-width: 1.5; stroke-dasharray: 7 4; }
    svg .validation { stroke: var(--accent); stroke-width: 2.2; fill: none; }
    svg .training { stroke: var(--idle); stroke-width: 1.6; stroke-dasharray: 2 3; fill: none; }
    svg .dot { fill: var(--accent); } svg .column { fill: var(--accent); }
    summary { cursor: pointer; color: var(--idle); }
    pre { font-size: .85rem; white-space: pre-wrap; margin: .3rem 0; }
    .answer, .comment { white-space: pre-wrap; background: var(--soft); padding: .6rem .9rem;
      border-radius: .3rem; margin: .3rem 0 .5rem; }
    .comment { background: none; border: 1px solid var(--line); border-left: 3px solid var(--accent);
      border-radius: 0 .3rem .3rem 0; }
    .notice { border: 1px solid var(--warn); border-left-width: 5px; border-radius: .3rem;
      padding: .5rem .9rem; margin: .8rem 0; }
    .notes { background: var(--soft); border-left: 3px solid var(--warn); margin: .6rem 0;
      padding: .5rem 1rem .5rem 2rem; }
    .facts { width: auto; margin: .2rem 0 .5rem; } .facts th { white-space: nowrap; }
    .facts th, .facts td { padding: .1rem 1.2rem .1rem 0; border: 0; }
    .facts td { font-family: ui-monospace, monospace; font-size: .85rem; }
    @media (max-width: 55rem) { th, td { padding-right: .6rem; } .bar { width: 4.5rem; }
      .name { min-width: 7rem; } .said { min-width: 10rem; } }
    @media (max-width: 40rem) { .score { display: block; } .check .badge { min-width: 0; }
      .wide table, .wide tbody, .wide tbody td { display: block; }
      .wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
        clip-path: inset(50%); }
      #class thead:has(button) { position: static; width: auto; height: auto; clip-path: none;
        display: block; }
      #class thead tr { display: flex; flex-wrap: wrap; gap: 0 1rem; }
      #class thead td { display: none; } #class thead th { border: 0; }
      #class thead th { min-width: 0; }
      .wide tbody tr { display: flex; flex-wrap: wrap; gap: .05rem 1rem; align-items: baseline;
        border-bottom: 1px solid var(--line); padding: .5rem 0; }
      .wide tbody td { border: 0; padding: 0; min-width: 0; white-space: normal; }
      .wide tbody .name, .wide tbody .said { flex-basis: 100%; }
      .wide tbody td:empty { display: none; }
      .wide td[data-label]::before { content: attr(data-label) ": "; color: var(--idle);
        font-size: .85rem; }
      .facts th { white-space: normal; }
      .code { padding-left: 2.6rem; } }
    @media print {
      :root { --text: #000; --back: #fff; --soft: #f4f4f4; --line: #bbb; --good: #0a4a26;
        --bad: #7a1410; --warn: #5c3c00; --idle: #444; --accent: #1d4480; }
      @page { margin: 1.6cm; }
      body { font-size: 10.5pt; } main { max-width: none; padding: 0; } .wide { overflow: visible; }
      h2, h3, h4 { break-after: avoid; } tr, .comment { break-inside: avoid; }
      a { color: inherit; text-decoration: none; } figure { max-width: 12cm; }
      .tools, .contents { display: none; } .code { break-inside: auto; }
      details > summary { display: none; }
      details::details-content { content-visibility: visible; display: block; }
      .answer, .bar, .track, .fill { print-color-adjust: exact; } }
    """
}
