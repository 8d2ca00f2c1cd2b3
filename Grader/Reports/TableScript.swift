/// What lets a reader of the class page search and sort its first table. It is the only script that a
/// page allows, which the policy in the page's head says by its hash: change both together (a test tells
/// the new one). Without it the page has all its rows, in the order of their names.
enum TableScript {
  /// SHA-256 of `text` in Base64.
  static let hash = "eX6XaKfAWA27rRYQXmJ3IydecEkdynPCXtztH6PTWvk="

  /// Reads what stands in the cells, and writes nothing but the order and what is hidden.
  static let text = """
    (() => {
      const tools = document.getElementById('tools'), box = document.getElementById('search');
      const count = document.getElementById('count'), table = document.getElementById('class');
      const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
      const fold = text => text.normalize('NFD').replace(/\\p{M}/gu, '').toLowerCase();
      let rows = [...body.rows];
      const words = new Map(rows.map(row => [row, fold(row.textContent)]));
      const search = () => {
        const wanted = fold(box.value).split(/\\s+/);
        for (const row of rows) row.hidden = !wanted.every(word => words.get(row).includes(word));
        count.textContent = rows.filter(row => !row.hidden).length + ' of ' + rows.length;
      };
      const sort = (head, place) => {
        const down = head.getAttribute('aria-sort') === 'ascending';
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const text = row => row.cells[place].textContent.trim();
        const number = row => { const value = parseFloat(text(row)); return value >= 0 ? value : -1; };
        const byText = (a, b) => text(a).localeCompare(text(b), undefined, { numeric: true });
        const order = head.classList.contains('number') ? (a, b) => number(a) - number(b) : byText;
        rows = rows.sort((a, b) => down ? order(b, a) : order(a, b));
        body.append(...rows);
      };
      heads.forEach((head, place) => {
        if (!head.textContent) return;
        const button = document.createElement('button');
        button.type = 'button';
        button.append(...head.childNodes);
        button.addEventListener('click', () => sort(head, place));
        head.append(button);
      });
      box.addEventListener('input', search);
      tools.hidden = false;
      search();
    })();
    """
}
