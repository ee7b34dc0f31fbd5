// The table editor's own menu in Chinese. Wagtail passes it the language code of Django, and the editor knows English only.
// A plain script after the editor's: a module would run after the tables have been built.
if (window.Handsontable) {
  const menu = {
    insertRowAbove: '在上方插入行',
    insertRowBelow: '在下方插入行',
    insertColumnOnTheLeft: '在左侧插入列',
    insertColumnOnTheRight: '在右侧插入列',
    removeRow: ['删除行', '删除所选行'],
    removeColumn: ['删除列', '删除所选列'],
    clearColumn: '清空列',
    undo: '撤销',
    redo: '重做',
    copy: '复制',
    cut: '剪切',
    readOnly: '只读',
    mergeCells: '合并单元格',
    unmergeCells: '取消合并单元格',
    align: '对齐',
    'align.left': '左对齐',
    'align.center': '居中',
    'align.right': '右对齐',
    'align.justify': '两端对齐',
    'align.top': '顶端对齐',
    'align.middle': '垂直居中',
    'align.bottom': '底端对齐',
    borders: '边框',
    'borders.top': '上边框',
    'borders.right': '右边框',
    'borders.bottom': '下边框',
    'borders.left': '左边框',
    'borders.remove': '去除边框',
    addComment: '添加批注',
    editComment: '编辑批注',
    removeComment: '删除批注',
    readOnlyComment: '批注只读',
  };
  const words = Object.entries(menu).map(([name, word]) => [`ContextMenu:items.${name}`, word]);
  window.Handsontable.languages.registerLanguageDictionary({ languageCode: 'zh-hans', ...Object.fromEntries(words) });
}
