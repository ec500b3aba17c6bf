use super::*;
use crate::domain::NeverCounts;

fn node(parent: Option<usize>, part: Part) -> TreeNode {
    TreeNode {
        parent,
        weight: 1.0,
        label: String::new(),
        part,
    }
}

#[test]
fn what_a_theme_of_one_block_leaves_out_is_left_out_of_the_root() {
    let text = Text::new("n", "n");
    let mut tree = Tree {
        nodes: vec![
            node(None, Part::Children),
            node(Some(0), Part::Theme("theme".into(), text.clone())),
            node(Some(1), Part::Block("block".into(), text)),
            node(Some(2), Part::Leaf(0)),
            node(Some(2), Part::Leaf(1)),
        ],
        leaves: vec![5, 6],
        left_out: vec![
            (7, LeftOut::NeverCounts(NeverCounts::Neutral), 1),
            (8, LeftOut::PartOfAnother, 2),
        ],
        mean: CompositeMean::Arithmetic,
    };
    tree.be_its_only_child();
    assert!(matches!(&tree.nodes[0].part, Part::Block(id, _) if id == "block"));
    let parents: Vec<Option<usize>> = tree.nodes.iter().map(|node| node.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(0)]);
    let nodes: Vec<usize> = tree.left_out.iter().map(|(.., node)| *node).collect();
    assert_eq!(nodes, [0, 0]);
}
