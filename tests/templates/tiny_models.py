"""Programs that make tiny models with random weights and push them to the Hub they run on.

They run as a Space with a template's own requirements: torch is in no environment of ours.
"""

from __future__ import annotations

_BEGIN = '''
import json
from pathlib import Path

import torch
from huggingface_hub import HfApi

torch.manual_seed(0)
labels = {0: "fox", 1: "hare", 2: "owl"}
small = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}


def push(folder: str) -> None:
    """Push to the Hub and as the account that the Space's environment names."""
    api, name = HfApi(), f"rehearsal-pro/{folder}"
    api.create_repo(name)
    api.upload_folder(folder_path=folder, repo_id=name)

'''

_TOKENIZER = """
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

words = ["<pad>", "<s>", "</s>", "<unk>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
bytes_of = Tokenizer(models.BPE({word: i for i, word in enumerate(words)}, []))
bytes_of.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
bytes_of.decoder = decoders.ByteLevel()
tokenizer = PreTrainedTokenizerFast(
    tokenizer_object=bytes_of, bos_token="<s>", eos_token="</s>", pad_token="<pad>",
    unk_token="<unk>",
    chat_template="{% for one in messages %}{{ one['role'] }}: {{ one['content'] }} {% endfor %}",
)
small |= {"num_key_value_heads": 1, "intermediate_size": 32, "vocab_size": len(words)}
"""

CHAT = (
    _BEGIN
    + _TOKENIZER
    + """
from transformers import LlamaConfig, LlamaForCausalLM

config = LlamaConfig(bos_token_id=1, eos_token_id=2, pad_token_id=0, **small)
LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained("tiny-chat")
tokenizer.save_pretrained("tiny-chat")
push("tiny-chat")
"""
)

VISION = (
    _BEGIN
    + """
from transformers import (
    ViTConfig, ViTForImageClassification, ViTImageProcessor,
    YolosConfig, YolosForObjectDetection, YolosImageProcessor,
)

shape = {"image_size": 32, "patch_size": 16, "intermediate_size": 32, "id2label": labels} | small
ViTForImageClassification(ViTConfig(**shape)).save_pretrained("tiny-vit")
ViTImageProcessor(size={"height": 32, "width": 32}).save_pretrained("tiny-vit")
shape |= {"image_size": [32, 32], "num_detection_tokens": 4}
YolosForObjectDetection(YolosConfig(**shape)).save_pretrained("tiny-yolos")
YolosImageProcessor(size={"height": 32, "width": 32}).save_pretrained("tiny-yolos")
push("tiny-vit")
push("tiny-yolos")
"""
)

SPEECH = (
    _BEGIN
    + """
from transformers import (
    VitsConfig, VitsModel, VitsTokenizer,
    Wav2Vec2Config, Wav2Vec2CTCTokenizer, Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC,
    Wav2Vec2Processor,
)

letters = {c: i for i, c in enumerate(["<pad>", "<s>", "</s>", "<unk>", "|", *"abcdefghij"])}
Path("letters.json").write_text(json.dumps(letters))
processor = Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), Wav2Vec2CTCTokenizer("letters.json"))
processor.save_pretrained("tiny-listener")
listener = Wav2Vec2Config(
    vocab_size=len(letters), intermediate_size=32, conv_dim=(16, 16, 16), conv_stride=(5, 4, 4),
    conv_kernel=(10, 8, 4), num_feat_extract_layers=3, num_conv_pos_embeddings=16,
    num_conv_pos_embedding_groups=2, **small,
)
Wav2Vec2ForCTC(listener).save_pretrained("tiny-listener")
letters = {c: i for i, c in enumerate("_ abcdefghijklmnopqrstuvwxyz")}
Path("letters.json").write_text(json.dumps(letters))
VitsTokenizer(
    "letters.json", pad_token="_", phonemize=False, is_uroman=False, language="eng"
).save_pretrained("tiny-voice")
voice = VitsConfig(
    vocab_size=len(letters), ffn_dim=32, flow_size=16, spectrogram_bins=9,
    upsample_initial_channel=16, upsample_rates=[4, 4], upsample_kernel_sizes=[8, 8],
    resblock_kernel_sizes=[3], resblock_dilation_sizes=[[1, 3, 5]], prior_encoder_num_flows=1,
    prior_encoder_num_wavenet_layers=1, posterior_encoder_num_wavenet_layers=1,
    duration_predictor_num_flows=1, duration_predictor_filter_channels=16,
    depth_separable_num_layers=1, wavenet_dilation_rate=1, **small,
)
VitsModel(voice).save_pretrained("tiny-voice")
push("tiny-listener")
push("tiny-voice")
"""
)

DIFFUSION = (
    _BEGIN
    + _TOKENIZER
    + """
from diffusers import (
    AutoencoderKL, FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel,
)
from transformers import Qwen3Config, Qwen3Model

ZImagePipeline(
    scheduler=FlowMatchEulerDiscreteScheduler(),
    tokenizer=tokenizer,
    text_encoder=Qwen3Model(Qwen3Config(head_dim=8, **(small | {"num_hidden_layers": 2}))),
    transformer=ZImageTransformer2DModel(
        in_channels=4, dim=16, n_layers=1, n_refiner_layers=1, n_heads=1, n_kv_heads=1,
        cap_feat_dim=16, axes_dims=[4, 6, 6],
    ),
    vae=AutoencoderKL(
        block_out_channels=[8], norm_num_groups=4, sample_size=8, shift_factor=0.1,
        down_block_types=["DownEncoderBlock2D"], up_block_types=["UpDecoderBlock2D"],
    ),
).save_pretrained("tiny-painter")
push("tiny-painter")
"""
)
