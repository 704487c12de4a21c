import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.merkle import inclusion_proof, root, verify_inclusion

# The eight leaves with which implementations of RFC 6962 are commonly compared.
LEAVES = [
    bytes.fromhex(text)
    for text in [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
]

leaf_lists = st.lists(st.binary(max_size=4), min_size=1, max_size=20)


def root_by_definition(leaves: list[bytes]) -> bytes:
    """The tree hash as section 2.1 of RFC 6962 defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = root_by_definition(leaves[:split]), root_by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_known_trees_have_their_known_roots(count: int, expected: str) -> None:
    assert root(LEAVES[:count]).hex() == expected


@given(leaf_lists)
def test_the_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert root(leaves) == root_by_definition(leaves)


@given(leaf_lists, st.data())
def test_every_leaf_has_a_proof_that_holds(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))

    proof = inclusion_proof(leaves, index)

    assert verify_inclusion(
        leaves[index],
        index=index,
        count=len(leaves),
        proof=proof,
        expected_root=root_by_definition(leaves),
    )


def is_proven(leaf: bytes, index: int, count: int, proof: list[bytes]) -> bool:
    return verify_inclusion(
        leaf, index=index, count=count, proof=proof, expected_root=root(LEAVES[:count])
    )


@pytest.mark.parametrize("count", range(1, 9))
def test_a_proof_holds_for_no_other_leaf_place_or_length(count: int) -> None:
    for index, leaf in enumerate(LEAVES[:count]):
        proof = inclusion_proof(LEAVES[:count], index)

        assert is_proven(leaf, index, count, proof)
        assert not is_proven(b"another", index, count, proof)
        assert not is_proven(leaf, index, count, [*proof, bytes(32)])
        assert not is_proven(leaf, -1, count, proof)
        assert not is_proven(leaf, count, count, proof)
        assert not any(is_proven(leaf, i, count, proof) for i in range(count) if i != index)
        for place in range(len(proof)):
            assert not is_proven(leaf, index, count, proof[:place] + proof[place + 1 :])


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index: int) -> None:
    with pytest.raises(ValueError, match="among 3"):
        inclusion_proof(LEAVES[:3], index)
